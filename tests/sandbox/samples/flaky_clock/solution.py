def total(limit):
    return sum(number * number for number in range(limit))
