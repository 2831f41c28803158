"""Hub datasets: their names, and reading one from a local folder, which `datasets` opens alike."""

import pytest

from kodgen.errors import InputError
from kodgen.tables.hub import HubName, parse_hub_name
from kodgen.tables.table import open_table
from tests.building import jsonl

ROWS = [{"id": n, "body": f"text {n}", "more": None} for n in range(5)]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("hf:org/name", HubName("org/name")),
        ("hf:org/name@v1.0", HubName("org/name", "v1.0")),
        (
            "hf:org/name@refs/convert/parquet:/train",
            HubName("org/name", "refs/convert/parquet", None, "train"),
        ),
        ("hf:org/name:main", HubName("org/name", None, "main")),
        ("hf:org/name:main/test", HubName("org/name", None, "main", "test")),
        ("hf:org/name@abc123:main/test", HubName("org/name", "abc123", "main", "test")),
        ("hf:./folder:/train", HubName("./folder", None, None, "train")),
    ],
)
def test_names_are_taken_apart(name, meant):
    assert parse_hub_name(name) == meant


@pytest.mark.parametrize("name", ["hf:", "hf:@main", "hf::train", "hf:org/name:main/", "hf:a@"])
def test_what_is_no_name_is_told_how_to_write_one(name):
    with pytest.raises(InputError, match="ORG/NAME"):
        parse_hub_name(name)


@pytest.fixture
def folder(tmp_path):
    jsonl(tmp_path / "train-0.jsonl", ROWS[:3])
    jsonl(tmp_path / "train-1.jsonl", ROWS[3:])
    jsonl(tmp_path / "test.jsonl", ROWS[:1])
    return tmp_path


def test_a_split_is_streamed_in_order_with_the_columns_asked_for(folder):
    table = open_table(f"hf:{folder}:/train")
    rows = list(table.rows(("body",), ("id", "task_id")))
    assert [row.values for row in rows] == [{"id": r["id"], "body": r["body"]} for r in ROWS]
    assert rows[4].place == "row 5"
    assert table.count() is None
    assert table.identity() == open_table(f"hf:{folder}:/train").identity()
    assert table.identity() != open_table(f"hf:{folder}:/test").identity()


def test_a_missing_column_shows_those_there_are(folder):
    (first, *_) = open_table(f"hf:{folder}:/train").rows(("bodi",))
    assert set(first.values) == {"id", "body", "more"}


def test_the_splits_are_named_where_none_or_a_wrong_one_is(folder):
    with pytest.raises(InputError, match=r"splits train, test; name one, such as hf:.*:/train$"):
        open_table(f"hf:{folder}")
    with pytest.raises(InputError, match=r"no split 'tests', but train, test; did you mean 'test'"):
        open_table(f"hf:{folder}:/tests")
    (folder / "test.jsonl").unlink()
    assert len(list(open_table(f"hf:{folder}").rows(("id",)))) == 5


def test_what_can_not_be_opened_says_what_to_do(folder):
    with pytest.raises(InputError, match=r"can't be opened .*check the name.*hf auth login"):
        open_table(f"hf:{folder}/nowhere")
    with pytest.raises(InputError, match=r"can't be opened .*'other'"):
        open_table(f"hf:{folder}:other")


def test_a_dataset_damaged_further_on_says_how_far_it_is_not_read(folder):
    (folder / "train-1.jsonl").write_text('{"id": 3, "bo\n')
    with pytest.raises(InputError, match="can't be read further"):
        list(open_table(f"hf:{folder}:/train").rows(("body",)))
