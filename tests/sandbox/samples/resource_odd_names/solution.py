def size(text):
    return -1
