"""How many tokens a text has, where no tokenizer is at hand to count them."""

CHARACTERS_PER_TOKEN = 4
"""Of English text, as makers of tokenizers say; code is a little denser.
https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them"""


def estimated_tokens(characters: int) -> int:
    """Tokens of a text with that many characters, begun ones counted as whole."""
    return -(-characters // CHARACTERS_PER_TOKEN)
