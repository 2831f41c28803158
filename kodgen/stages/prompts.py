"""Prompt templates: Jinja files, known in every record by the hash of their content."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kodgen.errors import ConfigError
from kodgen.records import content_hash

if TYPE_CHECKING:
    from jinja2 import Template

SUFFIX = ".j2"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template's text, and the name to speak of it by."""

    text: str
    name: str = "prompt"

    @property
    def version(self) -> str:
        """Content hash of the template, which records carry as `prompt_version`."""
        return content_hash(self.text)

    def render(self, **values: object) -> str:
        """Fill the template in. Values stand in the result as they are, letter by letter.

        Raises:
            ConfigError: The template is no Jinja, or names a value that is not given.
        """
        from jinja2 import TemplateError, TemplateSyntaxError

        try:
            return _compiled(self.text).render(**values)
        except TemplateSyntaxError as error:
            raise ConfigError(
                f"prompt {self.name}, line {error.lineno}: {error.message}; correct the template"
            ) from error
        except TemplateError as error:
            raise ConfigError(
                f"prompt {self.name}: {error}; it is given {', '.join(sorted(values)) or 'nothing'}"
            ) from error


@lru_cache(maxsize=64)
def _compiled(text: str) -> "Template":
    from jinja2 import Environment, StrictUndefined

    # Prompts are plain text, not HTML: escaping would change the code inside them.
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(text)


def load_prompt(folder: Path, name: str) -> Prompt:
    """Read the template `<name>.j2` of a folder.

    Raises:
        ConfigError: There is none, or it can't be read as UTF-8.
    """
    path = folder / (name + SUFFIX)
    try:
        return Prompt(path.read_text(encoding="utf-8"), name)
    except FileNotFoundError as error:
        there = sorted(file.stem for file in folder.glob("*" + SUFFIX))
        close = get_close_matches(name, there, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ConfigError(
            f"{path}: no such prompt; the folder has {', '.join(there) or 'none'}{hint}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: can't be read ({error}); save it as UTF-8 text") from error


def load_prompts(folder: Path) -> Mapping[str, Prompt]:
    """Read every template of a folder, by name without suffix, in order of names.

    Raises:
        ConfigError: The folder holds none, or one can't be read.
    """
    names = sorted(path.stem for path in folder.glob("*" + SUFFIX))
    if not names:
        raise ConfigError(f"{folder}: no prompts here; it should hold files named *{SUFFIX}")
    return {name: load_prompt(folder, name) for name in names}
