SEEN = []


def visit(name):
    SEEN.append(name)
    return len(SEEN)
