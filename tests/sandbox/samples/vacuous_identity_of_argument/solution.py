def doubled(values):
    return None
