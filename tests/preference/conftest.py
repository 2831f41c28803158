from collections.abc import Iterator

import pytest

from kodgen import config
from tests.sandbox.conftest import Bench


@pytest.fixture(scope="package")
def bench() -> Iterator[Bench]:
    bench = Bench(config.Sandbox(workers=1))
    yield bench
    bench.close()
