"""Tells a task from what a chat model says beside it: refusals, farewells, rules between them."""

import re

_SHORT = 500
"""Characters: no refusal seen is longer; a task that happens to begin like one mostly is."""

_TASK_LENGTH = 200
"""Characters from which a text is taken for a task without a word that asks for anything."""

_REFUSAL = re.compile(
    r"\A\W*(?:(?:(?:I|we)(?:'m| am|'re| are) (?:\w+ )?sorry|sorry|(?:I|we) apologi[sz]e"
    r"|my apologies|unfortunately|as an AI)\b[^`]*?\b)?"
    r"(?:I|we)(?:'m| am|'re| are| must| have to)? "
    r"(?:can'?t|cannot|can not|could not|couldn't|won't|will not|unable|not able|decline)\b"
    r"[^.`\n]{0,40}\b(?:help|assist|provide|generate|create|write|produce|comply|fulfil|fulfill"
    r"|answer|complete|continue|share|offer|do (?:that|this|so))\b[^`]*\Z",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:write|implement|create|design|develop|build|define|complete|extend|modify|refactor|fix"
    r"|find|compute|calculate|determine|count|construct|generate|given|returns?|function|class"
    r"|which|what|how)\b|`|\?",
    re.IGNORECASE,
)
_CLOSING_WORDS = re.compile(
    r"(?:\A|(?<=[.!?:)`*\n]))[ \t]*"
    r"(?:(?:please )?(?:let me know|feel free to (?:ask|reach out|let me))\b"
    r"|(?:I )?hope (?:this|that|it)\b|would you like (?:me|another|more|to see)\b"
    r"|if you(?:'d like| would like| need| want| have)\b[^.\n]*"
    r"\b(?:let me know|just ask|feel free|happy to)\b"
    r"|good luck\b|happy coding\b)[^`\n]*\Z",
    re.IGNORECASE,
)
_RULE = r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*"
_RULES = re.compile(rf"\A(?:{_RULE}\n\s*)+|(?:\n{_RULE}\s*)+\Z|\A{_RULE}\Z")


def is_refusal(text: str) -> bool:
    """Whether a short text only says that the model won't answer."""
    return len(text) <= _SHORT and bool(_REFUSAL.match(_plain_quotes(text)))


def looks_like_task(text: str) -> bool:
    """Whether a text asks for anything, or is long enough that it may."""
    return len(text) >= _TASK_LENGTH or bool(_ASKS.search(text))


def without_closing_words(text: str) -> str:
    """The text without a farewell or an offer in its last sentence, and rules before that."""
    while closing := _CLOSING_WORDS.search(_plain_quotes(text)):
        text = without_rules(text[: closing.start()].strip())
    return text


def without_rules(text: str) -> str:
    """The text without Markdown's horizontal rules at its ends."""
    return _RULES.sub("", text).strip()


def _plain_quotes(text: str) -> str:
    return text.replace("\u2019", "'")
