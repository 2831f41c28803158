import unicodedata


def plain(text):
    """Ohne Akzente: naïve → naive, 東京 bleibt."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if not unicodedata.combining(c))


def größe(text):
    return len(text.encode())
