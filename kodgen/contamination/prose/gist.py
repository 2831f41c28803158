"""What a statement asks for, without the phrases in which anything may be asked for."""

import re

_LANGUAGE = (
    r"(?:python ?[23]?|java ?script|java|type ?script|ruby|php|perl|swift|kotlin|scala|rust|golang"
    r"|haskell|matlab|c\+\+|c#|c)(?![\w+#])"
)
_THING = (
    r"(?:functions?|methods?|programs?|scripts?|code(?: snippet)?|snippet|algorithm|routine"
    r"|procedure|class|one-liner|application|app|query|regular expression)"
)
_ASKED = re.compile(
    r"(?:(?:please|your (?:task|goal|objective|job) is to|you (?:are|have been) (?:asked|tasked)"
    r"(?: with| to)?|you (?:have|need|should|must|will)(?: to)?|the (?:goal|task|purpose|aim|"
    r"objective)(?: of this \w+)? is to|in this (?:task|problem|kata|exercise),?)\s+)*"
    r"(?:write|create|implement|design|develop|construct|build|generate|compose|craft|code"
    r"|define|make|complete|produce|provide|give|come up with|devise)\s+(?:me\s+)?"
    r"(?:(?:a|an|the|some|this|your)\s+)?(?:[\w+#-]+\s+){0,2}?" + _THING + r"\b"
    r"(?:\s+(?:called|named)\s+\W?\w+\W?(?:\([^)\n]{0,80}\))?|\s+\W?\w*[_(]\w*\W?(?:[^)\n]{0,80}\))?)?"
    r"(?:\s+(?:in|using|with)\s+" + _LANGUAGE + r")?"
    r"(?:\s*,?\s*(?:that|which|to|for|and|so that it)\b)?"
    r"(?:\s+(?:can|will|should|is able to)\b)?[\s,.:]*",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"(?:this|the|your)\s+" + _THING + r"(?:\s*,?\s*\w*_\w+,?)?(?:\s+(?:should|will|must|can))?\s+",
    re.IGNORECASE,
)
_IN_LANGUAGE = re.compile(r"\s*\b(?:in|using|with)\s+" + _LANGUAGE, re.IGNORECASE)


def gist(statement: str) -> str:
    """A statement in prose without lead-ins (`Write a function that`) and names of languages.

    Line by line; a line of which nothing would be left stays as it is.
    """
    lines = []
    for line in statement.splitlines():
        said = _IN_LANGUAGE.sub("", line)
        asked = _ASKED.match(said) or _THIS.match(said)
        if asked is not None:
            said = said[asked.end() :]
        lines.append(said.strip() if any(map(str.isalnum, said)) else line.strip())
    return "\n".join(lines)
