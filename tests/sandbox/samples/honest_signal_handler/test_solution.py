import time

import pytest

from solution import TimedOut, limited


def test_in_time():
    assert limited(lambda: 5, 1) == 5


def test_too_late():
    with pytest.raises(TimedOut):
        limited(lambda: time.sleep(5), 0.05)
