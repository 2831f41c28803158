import pytest

from solution import finish


@pytest.mark.parametrize(("errors", "code"), [([], 0), (["bad"], 1)])
def test_finish(errors, code):
    with pytest.raises(SystemExit) as caught:
        finish(errors)
    assert caught.value.code == code
