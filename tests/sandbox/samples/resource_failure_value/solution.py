def initials(name):
    return ("word " * 8_000_000).upper()
