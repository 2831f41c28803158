def split(text, sep=","):
    return [part.strip() for part in text.split(sep)] if text else []
