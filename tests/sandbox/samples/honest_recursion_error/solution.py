def endless(number):
    return endless(number + 1)


def safe(number):
    try:
        return endless(number)
    except RecursionError:
        return -1
