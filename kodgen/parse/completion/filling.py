"""Makes Python of a skeleton whose functions have no body at all, or a comment for one."""

import re
import warnings

_HOLLOW = re.compile(r"expected an indented block after .* on line (\d+)")
_MOST = 100
"""Bodies that are filled in: a bound on time, no real class has so many methods."""


def filled(code: str) -> str | None:
    """The code with `pass` wherever a body is missing; None if it is no Python even so."""
    for _ in range(_MOST):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a doubtful escape in a docstring is no news
                # Compiled, as a parser lets a parameter stand twice.
                compile(code, "<task>", "exec", dont_inherit=True)
        except IndentationError as error:
            hollow = _HOLLOW.search(error.msg)
            if not hollow:
                return None
            code = _with_body(code, int(hollow[1]), error.lineno or 0)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return None
        else:
            return code
    return None


def _with_body(code: str, header: int, stuck: int) -> str:
    """The code with `pass` for a body.

    Args:
        code: Source text.
        header: Line that the definition begins at, from 1.
        stuck: Line at which the parser missed the body: the next statement, or the text's end.
    """
    lines = code.split("\n")
    opening = lines[header - 1]
    indent = opening[: len(opening) - len(opening.lstrip())]
    last = "\n".join(lines[stuck - 1 :]).strip()
    at_end = stuck <= header or not last or all(_is_blank(line) for line in lines[stuck - 1 :])
    lines.insert(len(lines) if at_end else stuck - 1, f"{indent}    pass")
    return "\n".join(lines)


def _is_blank(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
