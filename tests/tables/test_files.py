"""Tables in files: what the readers of seeds and benchmarks do not show already."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kodgen.errors import InputError
from kodgen.tables.row import Broken, Row
from kodgen.tables.table import open_table
from tests.building import jsonl

ROWS = [{"id": n, "body": f"text {n}", "more": "x" * 10} for n in range(5)]


def parquet(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def table(path):
    return open_table(str(path))


def test_a_count_is_the_number_of_rows_that_are_read(tmp_path):
    jsonl(tmp_path / "a.jsonl", ROWS)
    text = '{"a": 1}\n\n  \r\n{"a": \nnonsense\n{"a": 2}'
    (tmp_path / "b.jsonl").write_text(text)
    whole = gzip.compress(b"".join(b'{"n": %d}\n' % (n * 7919) for n in range(20_000)))
    (tmp_path / "c.jsonl.gz").write_bytes(whole)
    (tmp_path / "d.jsonl.gz").write_bytes(whole[:-9000])
    (tmp_path / "e.json").write_text(json.dumps(ROWS))
    (tmp_path / "f.csv").write_text('a,b\n1,"two\nlines"\n\n3\n4,5\n')
    parquet(tmp_path / "g.parquet", ROWS)
    for path in sorted(tmp_path.iterdir()):
        assert table(path).count() == len(list(table(path).rows(("id",)))), path


def test_parquet_gives_the_columns_asked_for_or_all_where_one_is_missing(tmp_path):
    parquet(tmp_path / "t.parquet", ROWS)
    (first, *_) = table(tmp_path / "t.parquet").rows(("body",), ("id", "task_id"))
    assert first == Row("row 1", {"id": 0, "body": "text 0"})
    (first, *_) = table(tmp_path / "t.parquet").rows(("bodi",), ("id",))
    assert set(first.values) == {"id", "body", "more"}


def test_a_folder_of_parquet_is_one_table_in_the_order_of_its_paths(tmp_path):
    parquet(tmp_path / "data" / "train-00001.parquet", ROWS[2:4])
    parquet(tmp_path / "data" / "train-00000.parquet", ROWS[:2])
    parquet(tmp_path / "more" / "x.parquet", ROWS[4:])
    parquet(tmp_path / ".cache" / "y.parquet", ROWS)
    (tmp_path / "README.md").write_text("not a table")
    shards = table(tmp_path)
    assert shards.count() == 5
    rows = list(shards.rows(("id",)))
    assert [row.values["id"] for row in rows] == [0, 1, 2, 3, 4]
    assert rows[2].place == "data/train-00001.parquet, row 1"
    identity = shards.identity()
    assert list(identity) == [
        "data/train-00000.parquet",
        "data/train-00001.parquet",
        "more/x.parquet",
    ]
    parquet(tmp_path / "more" / "x.parquet", ROWS[:1])
    assert shards.identity() != identity


def test_json_by_key_is_a_table_too(tmp_path):
    (tmp_path / "t.json").write_text(json.dumps({"one": ROWS[0], "two": ROWS[1]}))
    rows = list(table(tmp_path / "t.json").rows(()))
    assert rows == [Row("key 'one'", ROWS[0]), Row("key 'two'", ROWS[1])]


def test_a_damaged_parquet_file_is_an_error_that_names_it(tmp_path):
    parquet(tmp_path / "t.parquet", [{"body": f"{n * 7919}" * 50} for n in range(5000)])
    data = bytearray((tmp_path / "t.parquet").read_bytes())
    data[100:4000] = bytes(3900)
    (tmp_path / "t.parquet").write_bytes(data)
    with pytest.raises(InputError, match=r"t\.parquet: .*damaged"):
        list(table(tmp_path / "t.parquet").rows(("body",)))


@pytest.mark.parametrize(
    ("name", "said"),
    [("none.jsonl", "no such file"), ("folder", "without any .parquet"), ("t.txt", "must end in")],
)
def test_what_is_no_table_is_said(tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "t.txt").write_text("x")
    with pytest.raises(InputError, match=said):
        table(tmp_path / name).count()


def test_a_broken_line_stands_where_it_is(tmp_path):
    (tmp_path / "t.jsonl").write_text('{"a": 1}\n{"a"\n')
    _, broken = table(tmp_path / "t.jsonl").rows(("a",))
    assert isinstance(broken, Broken)
    assert (broken.place, broken.reason) == ("line 2", "broken_line")
