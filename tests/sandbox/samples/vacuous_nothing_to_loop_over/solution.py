def evens(values):
    return []
