import pytest

from kodgen.sandbox import testfile


def required(source: str) -> set[str]:
    expected = testfile.read(source)
    assert expected is not None
    return set(expected.required)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def test_a(): pass\ndef helper(): pass\n", {"test_a"}),
        ("async def test_a(): pass\n", {"test_a"}),
        ("class TestA:\n    def test_b(self): pass\n    def c(self): pass\n", {"TestA::test_b"}),
        ("class TestA:\n  def test_b(s): 0\nclass TestA:\n  def test_c(s): 0\n", {"TestA::test_c"}),
        ("class A:\n    def test_b(self): pass\n", set()),
        ("class A(unittest.TestCase):\n    def test_b(self): pass\n", {"A::test_b"}),
        ("class TestA:\n  class TestB:\n    def test_c(self): pass\n", {"TestA::TestB::test_c"}),
        ("class TestA:\n    def __init__(self): pass\n    def test_b(self): pass\n", set()),
        ("@dataclass\nclass TestA:\n    def test_b(self): pass\n", set()),
        ("@pytest.fixture\ndef test_data(): pass\n", set()),
        ("@pytest.fixture()\ndef test_data(): pass\n", set()),
        ("@pytest.mark.parametrize('a', [1])\ndef test_a(a): pass\n", {"test_a"}),
        ("@patch('x.y')\ndef test_a(a): pass\n", {"test_a"}),
        ("if condition:\n    def test_a(): pass\n", set()),
        ("try:\n    pass\nexcept E:\n    def test_a(): pass\n", set()),
        ("def test_a(): pass\ntest_a = None\n", set()),
        ("def test_a(): pass\ndel test_a\n", set()),
        ("def test_a(): pass\ntest_a.__test__ = False\n", set()),
    ],
)
def test_required(source: str, names: set[str]) -> None:
    assert required(source) == names


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def test_a(): pass\n", "test_a"),
        ("if condition:\n    def test_a(): pass\n", "test_a"),
        ("match x:\n    case 1:\n        def test_a(): pass\n", "test_a"),
        ("from solution import *\n", "test_a"),
        ("from solution import test_a\n", "test_a"),
        ("from solution import TestA\n", "TestA::test_b"),
        ("test_a = make()\n", "test_a"),
        ("class TestA(Base):\n    pass\n", "TestA::test_b"),
        ("class A(unittest.TestCase):\n    def runTest(self): pass\n", "A::runTest"),
    ],
)
def test_permitted(source: str, name: str) -> None:
    expected = testfile.read(source)
    assert expected is not None
    assert expected.permits(name)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def test_a():\n    assert f()\n", {"test_a"}),
        ("def test_a():\n    x = f()\n    assert x\n", {"test_a"}),
        ("def test_a():\n    with pytest.raises(E):\n        f()\n", {"test_a"}),
        ("class TestA:\n    def test_b(self):\n        assert f()\n", {"TestA::test_b"}),
        (
            "class A(unittest.TestCase):\n    def test_b(self):\n        self.assertEqual(f(), 1)\n",
            {"A::test_b"},
        ),
        ("@pytest.mark.parametrize('a', [1])\ndef test_a(a):\n    assert f(a)\n", {"test_a"}),
        ("def test_a():\n    pass\n", set()),
        ("def test_a():\n    return f()\n    assert f()\n", set()),
        ("def test_a():\n    if f():\n        return\n    assert f()\n", set()),
        ("def test_a():\n    if f():\n        assert f()\n", set()),
        ("def test_a():\n    for x in f():\n        assert x\n", set()),
        ("def test_a():\n    def inner():\n        assert f()\n", set()),
        ("async def test_a():\n    assert f()\n", set()),
        ("def test_a():\n    assert f()\n    yield\n", set()),
        ("@swallow\ndef test_a():\n    assert f()\n", set()),
        ("if x:\n    def test_a():\n        assert f()\n", set()),
        (
            "def test_a():\n    assert f()\nif x:\n    def test_a():\n        pass\n",
            set(),
        ),
        ("def test_a():\n    assert f()\ndef test_a():\n    pass\n", set()),
    ],
)
def test_checked(source: str, names: set[str]) -> None:
    expected = testfile.read(source)
    assert expected is not None
    assert expected.checked == names


@pytest.mark.parametrize("name", ["test_b", "TestA::test_a", "TestB::test_c", ""])
def test_not_permitted(name: str) -> None:
    expected = testfile.read("import math\ndef test_a(): pass\nclass TestB:\n    x = 1\n")
    assert expected is not None
    assert not expected.permits(name)


@pytest.mark.parametrize(
    "source",
    ["def (", "\0", "(" * 10_000, "-" * 100_000 + "1", "x" * (2 * testfile.LONGEST_SOURCE)],
)
def test_what_cannot_be_parsed_gives_nothing(source: str) -> None:
    assert testfile.read(source) is None


def test_a_long_chain_of_branches_is_read() -> None:
    chain = "if x:\n    pass\n" + "elif x:\n    test_a = 1\n" * 400
    expected = testfile.read(chain + "else:\n    def test_b(): pass\n")
    assert expected is not None
    assert expected.allowed == {"test_a", "test_b"}


def test_parameters_are_left_out() -> None:
    assert testfile.function_of("TestA::test_b[x::y[0]]") == "TestA::test_b"
