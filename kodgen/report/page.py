"""Makes pages of templates: style and script inside, and nothing to fetch."""

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kodgen.report import telling

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE = "style.css"
SCRIPT = "filter.js"
FILTERS = (
    telling.count,
    telling.percent,
    telling.rate,
    telling.score,
    telling.plain,
    telling.readable,
    telling.dumped,
)


def page(template: str, *, script_name: str = SCRIPT, **values: object) -> str:
    """A whole HTML file.

    Its policy forbids a browser to fetch anything, and to run any script but the page's own:
    should a value ever escape its place, it still does nothing.

    Args:
        template: File name in `templates`.
        script_name: Likewise, of the page's script.
        values: What it shows. Text stands on the page as text, whatever it holds.
    """
    style, script = _own(STYLE), _own(script_name)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rendered = (
        _environment()
        .get_template(template)
        .render(style=style, script=script, script_hash=f"sha256-{digest}", **values)
    )
    # What no file can hold would keep the page from being written.
    return rendered.encode("utf-8", "replace").decode()


def _own(name: str) -> str:
    return files("kodgen.report").joinpath("templates", name).read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kodgen.report"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({one.__name__: one for one in FILTERS})
    environment.globals["share"] = telling.share
    return environment
