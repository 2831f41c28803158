"""What each format makes of a few rows. `python -m tests.formats.goldens` writes the files anew."""

import json
from pathlib import Path

from kodgen.formats.base import About, Answer, Replied, Solved, Written
from kodgen.formats.registry import FORMATS
from tests.formats.samples import CHECKED, CLASSES, completed, pair, response, trials

FOLDER = Path(__file__).with_name("golden")
ABOUT = About(most_attempts=3)
WRITTEN = Written(
    name="small",
    files={
        "train": ("train-00000-of-00002.parquet", "train-00001-of-00002.parquet"),
        "test": ("test-00000-of-00001.parquet",),
    },
    rows={"train": 30_000, "test": 1},
)
TRIPLETS = (CHECKED, completed(CHECKED), CLASSES)
ITEMS = {
    "triplets": [Solved(one, tuple(trials(one.question_id))) for one in TRIPLETS],
    "answers": [
        Answer(CHECKED, None),
        Answer(completed(CHECKED), response(completed(CHECKED))),
        Answer(CLASSES, response(CLASSES, reasoning=None, code=CLASSES.solution)),
    ],
    "responses": [
        Replied(
            CHECKED,
            (response(CHECKED, 0), response(CHECKED, 2, reasoning=None)),
            (response(CHECKED, 1, "failed"),),
        ),
        Replied(CLASSES, (), (response(CLASSES, 0, "timeout"), response(CLASSES, 1, "failed"))),
    ],
    "pairs": [pair(CHECKED), pair(completed(CHECKED), 1)],
}


def made(name):
    """A format's columns, rows, rows put aside, and extra files."""
    form = FORMATS[name]
    items = ITEMS[form.source]
    return {
        "columns": {field.name: str(field.type) for field in form.schema(ABOUT)},
        "rows": [row for item in items for row in form.rows(item, ABOUT)],
        "incorrect": [row for item in items for row in form.aside(item, ABOUT)],
        "files": {path: text.splitlines() for path, text in form.extras(WRITTEN).items()},
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in FORMATS:
        text = json.dumps(made(name), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
