def evens(values):
    return [value for value in values if value % 2 == 0]
