def table(size):
    for row in range(size):
        print(*(row * column for column in range(100)))
    return [[row * column for column in range(100)] for row in range(size)]
