def unique(words):
    return sorted(set(words))
