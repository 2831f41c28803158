"""Whether a run makes what its formats are made from."""

from collections.abc import Iterator

from kodgen.config import Pipeline
from kodgen.formats.registry import FORMATS


def check_formats(pipeline: Pipeline) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every format that this pipeline gives no rows to: its keys, what is wrong."""
    stages = {"responses": pipeline.respond, "pairs": pipeline.prefer}
    sections = {"responses": "respond", "pairs": "prefer"}
    for number, name in enumerate(pipeline.export.formats):
        source = FORMATS[name].source
        if source in stages and stages[source] is None:
            what = (
                f"{name!r} is made from {source}, which this pipeline makes none of; add a "
                f"section `{sections[source]}`, or remove the format"
            )
            yield ("export", "formats", number), what
