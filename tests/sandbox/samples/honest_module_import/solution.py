LIMIT = 3


def clamp(value):
    return max(-LIMIT, min(LIMIT, value))
