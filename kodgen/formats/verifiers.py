"""Tasks for verifiers 0.4, and the package with the taskset that reads and scores them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row, Solved, Written
from kodgen.formats.columns import lineage, row_id, schema_of
from kodgen.formats.rendering import rendered
from kodgen.formats.task import ground_truth, prompt

if TYPE_CHECKING:
    import pyarrow as pa

PACKAGE = "environments/kodgen_v1"


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    string = pa.string()
    return schema_of(("id", string), ("prompt", string), ("ground_truth", string))


def _rows(solved: Solved, _about: About) -> Iterator[Row]:
    triplet = solved.triplet
    yield {
        "id": row_id(triplet),
        "prompt": prompt(triplet),
        "ground_truth": ground_truth(triplet),
        **lineage(triplet),
    }


def _extras(written: Written) -> dict[str, str]:
    return {
        f"{PACKAGE}/pyproject.toml": rendered("verifiers_pyproject.toml.j2"),
        f"{PACKAGE}/README.md": rendered("verifiers_readme.md.j2", name=written.name),
        f"{PACKAGE}/kodgen_v1/__init__.py": rendered("verifiers_init.py.j2"),
        f"{PACKAGE}/kodgen_v1/taskset.py": rendered("verifiers_taskset.py.j2"),
    }


FORMAT = Format(
    config="verifiers",
    describe="Tasks for verifiers and prime-rl; `environments/kodgen_v1` holds their taskset.",
    source="triplets",
    schema=_schema,
    rows=_rows,
    extras=_extras,
)
