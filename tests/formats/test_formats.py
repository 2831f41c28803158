"""Every format: its rows as they are written down in `golden/`, and what holds for all of them."""

import json
from typing import get_args

import pyarrow as pa
import pytest

from kodgen.config.stages import FormatName
from kodgen.formats.registry import FORMATS
from tests.formats.goldens import ABOUT, FOLDER, ITEMS, made


@pytest.mark.parametrize("name", FORMATS)
def test_rows_are_as_written_down(name):
    assert made(name) == json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_nothing_else_is_written_down():
    assert {path.stem for path in FOLDER.iterdir()} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_rows_fit_the_schema(name):
    form = FORMATS[name]
    rows = [row for item in ITEMS[form.source] for row in form.rows(item, ABOUT)]
    table = pa.Table.from_pylist(rows, schema=form.schema(ABOUT))
    assert table.to_pylist() == rows
    assert list(rows[0]) == form.schema(ABOUT).names
    assert table.schema.metadata is None


def test_the_pipeline_file_may_name_every_format_and_no_other():
    assert get_args(FormatName) == tuple(FORMATS)


TRL_READS = {"completion", "completion_ids", "trainer_state", "log_extra", "log_metric", "images"}
"""Names by which TRL's GRPO gives something else to a reward function (TRL docs)."""


def test_columns_of_grpo_take_no_name_of_trl_s():
    assert not TRL_READS & set(FORMATS["trl_grpo"].schema(ABOUT).names)
