"""Single tests taken out of a file."""

from kodgen.consensus.trimming import without_tests

FILE = """\
import pytest
from solution import f

LIMIT = 3   # kept as it is


def test_a():
    assert f(1) == 1

# about b
@pytest.mark.parametrize(
    "given", [1, 2]
)
def test_b(given):
    assert f(given) == 0


def test_c():  assert f(3) == LIMIT
"""


def test_the_rest_stays_byte_for_byte():
    kept = without_tests(FILE, {"test_b"})
    before, after = FILE.split("@pytest", 1)[0], FILE.split("== 0\n", 1)[1]
    assert kept == before + after


def test_line_ends_stay_as_they_are():
    kept = without_tests(FILE.replace("\n", "\r\n"), {"test_a", "test_b"})
    assert kept is not None
    assert "\n" not in kept.replace("\r\n", "")
    assert "test_c" in kept


def test_the_last_test_stays():
    assert without_tests(FILE, {"test_a", "test_b", "test_c"}) is None


def test_methods_and_the_classes_that_they_leave_empty():
    source = (
        "class TestA:\n    def test_x(self):\n        assert 1\n\n"
        "class TestB:\n    def test_x(self):\n        assert 1\n"
        "    def test_y(self):\n        assert 1\n"
    )
    kept = without_tests(source, {"TestA::test_x", "TestB::test_y"})
    assert kept == "\nclass TestB:\n    def test_x(self):\n        assert 1\n"


def test_calls_that_only_a_script_makes_go_too():
    script = FILE + '\nif __name__ == "__main__":\n    test_a()\n    test_c()\n'
    kept = without_tests(script, {"test_a"})
    assert kept is not None
    assert "test_a" not in kept
    assert kept.endswith('\nif __name__ == "__main__":\n    test_c()\n')
    whole = FILE + '\nif __name__ == "__main__":\n    test_a()\n'
    kept = without_tests(whole, {"test_a"})
    assert kept is not None
    assert "__main__" not in kept


def test_a_test_that_others_use_is_not_taken_out():
    assert without_tests(FILE + "\n\ndef test_d():\n    test_a()\n", {"test_a"}) is None


def test_a_test_that_is_not_there_is_not_taken_out():
    assert without_tests(FILE, {"test_e"}) is None
    assert (
        without_tests("if True:\n    def test_a(): pass\ndef test_b(): pass\n", {"test_a"}) is None
    )
