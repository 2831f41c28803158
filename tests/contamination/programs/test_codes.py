"""Programs read all at once, beside each read alone by its tokens; and which may hold a skeleton."""

from pathlib import Path

import pytest

from kodgen.contamination.programs.likely import Likely
from kodgen.contamination.programs.skeleton import BREAK, skeleton
from kodgen.contamination.programs.skeletons import SHORT, Skeletons
from kodgen.contamination.words.words import distinct_words

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = [
    "def f(a, *, b=-1):\n    return a if b else 1.5 + .5 + 1..real + a[2].b3\n",
    "",
    "# def no\n\n# nor\nx = 1  # not\n# here\ndef f():\n    '''def\nx'''\n    pass\n'x'\n\"\"\"\"y\\\"\"\"\"\n",
    "class A:\n\n    @property\n    async def f(self) -> int:\n\n        # of no use\n\tdef g(): ...\n",
    "if x:\n  y\nelif z <= 3:\n  y **= 100\nelse: y //= 1000 @ 1_0 != 0x10\n(\n)\n{\n}\nassert_ = define\n",
    "def f(): return 'it''s' \"it's # no\" # \"\n\n\n\ndef g(): yield lambda: not 0",
    "x = [1,\n2,\n    3]; nonlocal continued, continue\\\n1\n\n",
    "async for a in b: pass\nimport os.path as x\nfrom . import y\nfrom .import z\n\x0c\ndef f(): pass",
    "\r\ndef f():\r\n    return a-b\r\n",
    "@",
    "\n",
]
UNCLEAR = ["x = 1e-5", "x = 'a\0b'\0", "é = 1", "y = 2.e+3"]


def likely() -> Likely:
    return Likely([skeleton(PROGRAMS[0])], [skeleton("def f(): pass")], SHORT)


def told(programs: list[str]) -> list[str | None]:
    one = likely()
    read = one.coder.coded(programs)
    parts = bytes(read.codes).split(b"\xff")
    assert parts.pop() == b""
    names = {number: code for code, number in one.numbers.items()} | {0xFE: BREAK}
    return [
        None if place in read.unclear else "".join(names[code] for code in part)
        for place, part in enumerate(parts)
    ]


def test_programs_are_read_as_by_their_tokens() -> None:
    assert told(PROGRAMS) == [skeleton(program) for program in PROGRAMS]
    assert told([]) == []


def test_what_could_be_read_wrongly_is_told() -> None:
    for one in UNCLEAR:
        assert told(["x = 1", one, "y = 'é'"]) == [skeleton("x = 1"), None, skeleton("y = 'é'")]


@pytest.mark.parametrize("room", ["contamination", "sandbox", "parse", "llm"])
def test_whole_modules_are_read_as_by_their_tokens(room: str) -> None:
    codes = [path.read_text("utf-8") for path in sorted((ROOT / "kodgen" / room).glob("*.py"))]
    read = told(codes)
    assert sum(one is None for one in read) < len(codes) / 4
    for one, code in zip(read, codes, strict=True):
        assert one is None or one == skeleton(code)


def test_a_function_is_found_by_how_it_begins_and_a_short_one_by_all_of_it() -> None:
    long = PROGRAMS[0]
    short = "def f(a):\n    return a + 2\n"
    sought = Skeletons([(skeleton(one).replace(BREAK, ""), frozenset()) for one in (long, short)])
    renamed = "import os\n\nclass B:\n" + long.replace("a", "bc").replace("\n", "\n    ")
    codes = {
        3: renamed.replace("defi", "def"),
        5: "x = 1\n" + short + "\n\ny = 3",
        7: short + "    # more\n    + 3\n",
        8: "no definition",
        9: 'text = """' + short + '"""\n',
        11: "",
    }
    assert sought.holding(codes) == {
        number for number, code in codes.items() if sought.may_be_in(code)
    }
    assert sought.holding(codes) == {3, 5}


def test_a_function_is_found_by_its_name_where_its_words_are() -> None:
    sought = Skeletons([], [("add", distinct_words("add first second"))])
    codes = {
        0: "def add(first, second): return first + second",
        1: "def add(a, b): return a + b",
        2: "def adder(first, second): return first + second",
    }
    assert sought.holding(codes) == {0}
