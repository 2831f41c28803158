FILES = KODGEN_CANARY_FILES


def escaped():
    found = []
    for path in FILES:
        try:
            open(path).read(1)
            found.append(path)
        except OSError:
            continue
    return found
