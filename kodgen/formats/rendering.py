"""Files that lie beside rows: Jinja templates of this folder's `templates`."""

from functools import cache
from pathlib import Path

from kodgen.prompts import Prompt

_TEMPLATES = Path(__file__).with_name("templates")


def rendered(name: str, /, **values: object) -> str:
    """A template filled in, with one line break at its end."""
    return Prompt(_text(name), name).render(**values).rstrip("\n") + "\n"


@cache
def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
