"""Records as Parquet and back."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kodgen.engine.store.files import file_digest
from kodgen.engine.store.tables import ParquetSink, arrow_schema, read_records
from kodgen.errors import RunDirectoryError
from kodgen.records import Draw, Question, Rejected, Seed, Trial, Triplet

QUESTION = Question(
    id="question:A/given/0/0",
    subset="A",
    text="Add two numbers: ünïcode \u2028 \U0001f600",
    seed_ids=("seed:a/0",),
    licenses=(),
    method="given",
    model="given",
    prompt_version="none",
)


def write(path, records, model):
    sink = ParquetSink(path, arrow_schema(model))
    for record in records:
        sink.add(record.model_dump(mode="json"))
    sink.close()
    return sink


def test_records_come_back_as_they_went(tmp_path):
    seed = Seed(id="s", source="x", kind="snippet", text="t", license="MIT", origin="f:1")
    draw = Draw(id="q", subset="A", method="snippet", sample=0, seeds=(seed, seed))
    for record in (QUESTION, seed, draw):
        path = tmp_path / "rows.parquet"
        write(path, [record, record], type(record))
        assert list(read_records(path, type(record))) == [record, record]


@pytest.mark.parametrize("model", [Seed, Draw, Question, Trial, Triplet, Rejected])
def test_an_empty_file_has_every_column_with_its_type(tmp_path, model):
    path = tmp_path / "rows.parquet"
    assert write(path, [], model).rows == 0
    table = pq.read_table(path)
    assert table.num_rows == 0
    assert table.schema.names == list(model.model_fields)
    assert not any(pa.types.is_null(field.type) for field in table.schema)


def test_more_rows_than_a_batch_and_the_same_bytes_twice(tmp_path):
    rows = [QUESTION.model_copy(update={"id": f"q{n}"}) for n in range(2500)]
    for name in ("one", "two"):
        write(tmp_path / name, rows, Question)
    assert file_digest(tmp_path / "one") == file_digest(tmp_path / "two")
    assert [row.id for row in read_records(tmp_path / "one", Question)] == [r.id for r in rows]


def test_a_file_appears_only_when_whole(tmp_path):
    path = tmp_path / "rows.parquet"
    sink = ParquetSink(path, arrow_schema(Question))
    sink.add(QUESTION.model_dump(mode="json"))
    assert not path.exists()
    sink.close()
    assert [file.name for file in tmp_path.iterdir()] == ["rows.parquet"]


def test_broken_and_missing_files_are_said(tmp_path):
    with pytest.raises(RunDirectoryError, match="can't be read"):
        list(read_records(tmp_path / "none.parquet", Question))
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(RunDirectoryError, match="delete its stage's folder"):
        list(read_records(tmp_path / "broken.parquet", Question))


def test_an_unwritable_place_is_said(tmp_path):
    with pytest.raises(RunDirectoryError, match="can't be written"):
        write(tmp_path / "missing" / "rows.parquet", [QUESTION], Question)
