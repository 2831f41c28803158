def find(values, wanted):
    for index, value in enumerate(values):
        if value == wanted:
            return index
    return None
