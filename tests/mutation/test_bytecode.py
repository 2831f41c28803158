import pytest

from kodgen.mutation.bytecode import fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1 + 1", "x = 2"),
        ("def f():\n    return 1", "def f():\n\n\n    # why\n    return (1)"),
        ("def f(a):\n    while 1:\n        pass", "def f(a):\n    while 2:\n        pass"),
    ],
)
def test_what_compiles_to_the_same_is_told(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = True"),
        ("x = 1", "x = 1.0"),
        ("x = 0.0", "x = -0.0"),
        ("x = (1, 2)", "x = (1, 2.0)"),
        ("def f(a, b): return a", "def f(a, b): return b"),
        ("def f(): return lambda: 1", "def f(): return lambda: 2"),
        ("def f(a=1): pass", "def f(a=2): pass"),
        ("def f(a, b): pass", "def f(a, *, b): pass"),
        (
            "def f():\n    try: g()\n    except A: pass",
            "def f():\n    try: g()\n    except B: pass",
        ),
    ],
)
def test_what_compiles_to_something_else_is_told(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize("text", ["x = (", "return 1\nbreak", "x = " + "-" * 100_000 + "1", "a\0b"])
def test_what_does_not_compile_has_none(text: str) -> None:
    assert fingerprint(text) is None
