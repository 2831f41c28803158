"""Plain words instead of markup: Markdown, reST, Javadoc, HTML, LaTeX."""

import re

_INLINE_TAGS = "a|b|i|u|em|strong|code|tt|var|kbd|span|font|sup|sub|small"
_BLOCK_TAGS = "p|br|hr|pre|ul|ol|li|dl|dt|dd|div|h[1-6]|img|table|tr|td|th|center|blockquote"
_COMMAND = r"\\(?:text|mathrm|mathit|texttt|textbf|mathbf|operatorname)\s?\{([^{}\n]{0,300})\}"
_STEPS = tuple(
    (sign, re.compile(pattern), instead)
    for sign, pattern, instead in (
        ("![", r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,600}\)", ""),
        ("](", r"\[([^\[\]\n]{1,300})\]\((?:https?:|/|#)[^()\n]{0,600}\)", r"\1"),
        ("{@", r"\{@\w+\s+([^{}\n]{0,300})\}", r"\1"),
        ("<", rf"</?(?:{_INLINE_TAGS})(?:\s[^<>\n]{{0,200}})?/?>", ""),
        ("<", rf"</?(?:{_BLOCK_TAGS})(?:\s[^<>\n]{{0,200}})?/?>", " "),
        ("&", r"&(?:nbsp|#160);", " "),
        ("&", r"&lt;", "<"),
        ("&", r"&gt;", ">"),
        ("&", r"&(?:amp|#38);", "&"),
        ("&", r"&(?:quot|#34);", '"'),
        ("\\", r"\\(?:leq?|leqslant)\b", "<="),
        ("\\", r"\\(?:geq?|geqslant)\b", ">="),
        ("\\", r"\\(?:ldots|cdots|dots)\b", "..."),
        ("\\", r"\\(?:times|cdot)\b", "*"),
        ("\\", _COMMAND, r"\1"),
        ("\\", r"\\[()\[\]]", ""),
        ("$", r"\$+", ""),
        ("`", r"``?([^`\n]*)``?", r"\1"),
        ("**", r"(?<!\w)\*\*(?=\S)([^*\n]+?)\*\*(?!\w)", r"\1"),
        ("__", r"(?<!\w)__(?=\S)([^_\n]+?)__(?!\w)", r"\1"),
        ("*", r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1"),
        ("_", r"(?<!\w)_(?=[^\s_])([^_\n]{1,80})_(?!\w)", r"\1"),
        (":", r"^\s*(?::(?:param|parameter|arg|type|raises?|rtype)\s+([^:\n]*):)", r"\1:"),
        (":", r"^\s*:(?:returns?|rtype):", "Returns"),
        ("@", r"^\s*@param\s+", ""),
        ("@", r"^\s*@(?:returns?|throws)\b", ""),
        ("\\", r"^\s*\\(?:returns?|throws|brief|details|note)\b", ""),
        ("#", r"^\s*#{1,6}\s+", ""),
        (">", r"^\s*>\s+", ""),
        ("---", r"^\s*-{3,}\s*(\w[\w ]{0,60}?)\s*-{3,}\s*$", r"\1"),
    )
)
"""A sign that is there where a pattern can match, the pattern, and what to put instead."""
_RULE = re.compile(r"[-=~*_+#]{3,}")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)]|[a-z]\))(?:\s+|$)")


def plain(line: str) -> str:
    """One line without its markup, signs of lists aside."""
    for sign, pattern, instead in _STEPS:
        if sign in line:
            line = pattern.sub(instead, line)
    said = " ".join(line.split())
    return "" if _RULE.fullmatch(said) else said


def is_item(line: str) -> bool:
    """Whether a line begins an item of a list."""
    return _ITEM.match(line) is not None


def without_item_mark(line: str) -> str:
    """The same line without the mark of a list's item."""
    return _ITEM.sub("", line, count=1)
