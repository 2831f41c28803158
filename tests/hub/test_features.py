"""Columns as cards write them, read by `datasets` itself."""

import pyarrow as pa
import pytest

from kodgen.formats.base import About
from kodgen.formats.registry import FORMATS
from kodgen.hub.features import features_of


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_datasets_reads_the_same_columns_as_from_the_file(name):
    from datasets import Features

    schema = FORMATS[name].schema(About(most_attempts=3))
    said = Features._from_yaml_list([dict(one) for one in features_of(schema)])
    assert said == Features.from_arrow_schema(schema)


def test_a_column_without_a_form_is_told():
    with pytest.raises(TypeError, match="date32"):
        features_of(pa.schema([("day", pa.date32())]))
