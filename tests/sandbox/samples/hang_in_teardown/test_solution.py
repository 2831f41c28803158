import time

import pytest

from solution import area


@pytest.fixture
def room():
    yield 3, 5
    time.sleep(10**6)


def test_room(room):
    assert area(*room) == 15
