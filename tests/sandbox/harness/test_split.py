"""The tests' and the solution's process, for real: two forks with a socket between them."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

# Forks a pair of processes for each job, as an init does for each split run.
DRIVER = """\
import contextlib, json, os, random, socket, struct, sys, tempfile
from kodgen.sandbox.harness import callee, caller

folder = tempfile.mkdtemp()

def tests(job, sock):
    out = {}
    caller.install(sock, job["names"])
    try:
        exec(job["script"], {"out": out, "caller": caller})
        error = ""
    except BaseException as failure:
        error = f"{type(failure).__name__}: {failure}"
    caller.finish()
    return {"out": out, "error": error, **vars(caller.state)}

def hostile(job, sock):
    receive, answers = sock.recv, job["answers"]
    if job.get("bytes"):
        sock.sendall(bytes.fromhex(job["bytes"]))
    for answer in answers:
        body = json.dumps(answer).encode()
        sock.sendall(struct.pack("<I", len(body)) + body)
        if not receive(65536):
            return

for line in sys.stdin:
    job = json.loads(line)
    ours, theirs = socket.socketpair()
    solution = os.fork()
    if not solution:
        ours.close()
        path = f"{folder}/solution.py"
        with open(path, "w") as file:
            file.write(job["solution"])
        with contextlib.suppress(OSError):
            hostile(job, theirs) if "answers" in job else callee.serve(theirs, path)
        os._exit(0)
    theirs.close()
    back, forth = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(forth, json.dumps(tests(job, ours)).encode())
        os._exit(0)
    ours.close()
    os.close(forth)
    with os.fdopen(back, "rb") as pipe:
        print((pipe.read() or b"null").decode(), flush=True)
    os.waitpid(pid, 0)
    os.waitpid(solution, 0)
"""

Split = Callable[..., Any]


@pytest.fixture(scope="module")
def split() -> Iterator[Split]:
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def run(solution: str, script: str, names: tuple[str, ...] = (), **more: Any) -> Any:
        job = {"solution": solution, "script": script, "names": names, **more}
        process.stdin.write(json.dumps(job) + "\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        return json.loads(process.stdout.readline())  # type: ignore[union-attr]

    yield run
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


def sound(result: Any) -> Any:
    """What a script found out, in a run that nothing was wrong with."""
    assert (result["error"], result["unportable"], result["broken"]) == ("", "", "")
    return result["out"]


def test_calls_keep_state_defaults_and_keywords(split: Split) -> None:
    solution = """\
seen = 0
def f(a, b=[], *rest, c=1, **more):
    global seen
    seen += 1
    b.append(a)
    return seen, len(b), rest, c, more
"""
    script = """\
from solution import f
out["a"] = f(1)
out["b"] = f(2)
out["c"] = f(3, [], 4, c=5, d=6)
"""
    assert sound(split(solution, script)) == {
        "a": [1, 1, [], 1, {}],
        "b": [2, 2, [], 1, {}],
        "c": [3, 1, [4], 5, {"d": 6}],
    }


def test_changes_of_arguments_show_in_place(split: Split) -> None:
    solution = """\
def f(numbers, table, inner, flags, raw, line):
    numbers.sort()
    table["new"] = numbers
    inner[0].append(inner)
    flags.discard(1)
    raw[0] = 7
    line.appendleft(0)
    raise ValueError("after all")
"""
    script = """\
from collections import deque
from solution import f
numbers, table, inner, flags = [3, 1, 2], {"old": 1}, [[]], {1, 2}
raw, line, deep = bytearray(2), deque([1], 3), inner[0]
same = numbers, table, inner, flags, raw, line
try:
    f(numbers, table, inner, flags, raw, line)
except ValueError as error:
    out["error"] = str(error)
out["found"] = [numbers, list(flags), list(raw), list(line), line.maxlen]
out["kept"] = table["new"] is numbers, inner[0] is deep, deep[0] is inner
"""
    result = split(solution, script)
    assert sound(result) == {
        "error": "after all",
        "found": [[1, 2, 3], [2], [7, 0], [0, 1], 3],
        "kept": [True, True, True],
    }
    assert result["changed_arguments"] == 1


def test_what_is_returned_of_an_argument_is_that_argument(split: Split) -> None:
    solution = (
        "def same(a):\n    return a\ndef first(a):\n    return a[0]\ndef copy(a):\n    return a[:]"
    )
    script = """\
from solution import copy, first, same
inner = [1]
outer = (inner, float("nan"))
out["is"] = same(outer) is outer, first(outer) is inner, copy(inner) is inner
out["nan"] = same(outer) == outer
"""
    assert sound(split(solution, script)) == {"is": [True, True, False], "nan": True}


def test_exceptions_come_by_name(split: Split) -> None:
    solution = """\
import json
class Wrong(ValueError):
    "Plain."
class VeryWrong(Wrong):
    def __init__(self, code):
        super().__init__("very", code)
        self.code = code
    def __str__(self):
        return f"very wrong: {self.code}"
    def hint(self):
        return 1
def f(kind):
    if kind == "library":
        json.loads("{")
    if kind == "file":
        open("/nowhere/at all")
    if kind == "own":
        raise Wrong("a", 1)
    if kind == "nested":
        raise ValueError(KeyError("k"))
    if kind == "hidden":
        class Hidden(LookupError): pass
        raise Hidden
    if kind == "exit":
        raise SystemExit(3)
    if kind == "unicode":
        b"\\xff".decode()
    if kind == "import":
        import nowhere
    raise VeryWrong(7)
"""
    script = """\
from solution import *
def caught(kind):
    try:
        f(kind)
    except BaseException as error:
        return error
for kind in ("library", "file", "own", "nested", "hidden", "exit", "unicode", "import"):
    error = caught(kind)
    out[kind] = [base.__name__ for base in type(error).__mro__[:3]] + [str(error)]
very = caught("")
out["very"] = isinstance(very, Wrong), type(very) is VeryWrong, str(very), very.code, very.args
out["more"] = caught("import").name, caught("file").filename, caught("library").pos
try:
    f(1, 2)
except TypeError as error:
    out["call"] = str(error)
"""
    got = sound(split(solution, script, ("f", "Wrong", "VeryWrong")))
    assert got["library"][:2] == ["JSONDecodeError", "ValueError"]
    assert got["library"][3].startswith("Expecting property name")
    assert got["file"][0] == "FileNotFoundError"
    assert got["file"][3] == "[Errno 2] No such file or directory: '/nowhere/at all'"
    assert got["own"] == ["Wrong", "ValueError", "Exception", "('a', 1)"]
    assert got["nested"] == ["ValueError", "Exception", "BaseException", "'k'"]
    assert got["hidden"] == ["Hidden", "LookupError", "Exception", ""]
    assert got["exit"][0::3] == ["SystemExit", "3"]
    assert got["unicode"][0] == "UnicodeDecodeError"
    assert got["import"][0] == "ModuleNotFoundError"
    assert got["very"] == [True, True, "very wrong: 7", 7, ["very", 7]]
    assert got["more"] == ["nowhere", "/nowhere/at all", 1]
    assert got["call"] == "f() takes 1 positional argument but 2 were given"


def test_constants_and_what_was_imported_are_there(split: Split) -> None:
    solution = """\
import math
from typing import List
from collections import Counter as Count
LIMIT = 3
total = 0
_hidden = {"a": (1, 2)}
def add(n):
    global total
    total += n
"""
    script = """\
import math, collections
from solution import *
import solution
out["names"] = sorted(name for name in dir() if not name.startswith("_"))
out["same"] = solution.math is math, Count is collections.Counter
out["values"] = LIMIT, solution._hidden, solution.total
add(5)
out["later"] = solution.total
try:
    solution.missing
except AttributeError as error:
    out["missing"] = str(error)
try:
    from solution import absent
except ImportError as error:
    out["absent"] = str(error).partition(" (")[0]
"""
    got = sound(split(solution, script, ("LIMIT", "List", "Count", "add", "print")))
    assert got["names"] == [
        "Count",
        "LIMIT",
        "List",
        *("add", "caller", "collections", "math", "out", "solution"),
    ]
    assert got["same"] == [True, True]
    assert got["values"] == [3, {"a": [1, 2]}, 0]
    assert got["later"] == 5
    assert got["missing"] == "module 'solution' has no attribute 'missing'"
    assert got["absent"] == "cannot import name 'absent' from 'solution'"


@pytest.mark.parametrize(
    ("solution", "error"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("def f(:", "SyntaxError: invalid syntax (solution.py, line 1)"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("class E(Exception): pass\nraise E('x')", "E: x"),
    ],
)
def test_a_failing_import_fails_in_the_tests(split: Split, solution: str, error: str) -> None:
    script = """\
try:
    import solution
except BaseException:
    from solution import f
"""
    result = split(solution, script)
    assert result["error"] == error
    assert (result["unportable"], result["broken"]) == ("", "")


CLASSES = """\
import enum
class Stack:
    pass
class Color(enum.Enum):
    RED = 1
class Odd(Exception):
    def __init__(self, a, b):
        super().__init__(a)
    def hint(self):
        return 1
def give(what):
    return {
        "class": Stack, "object": Stack(), "generator": (n for n in "a"), "lambda": lambda: 1,
        "nested": [{"a": (Stack(),)}], "enum": Color.RED, "map": map(int, "1"), "view": {}.keys(),
        "error": ValueError("x"), "self": give, "true": True,
    }[what]
def add(xs, x):
    xs.append(Stack())
def generate():
    yield 1
async def later():
    return 1
def odd():
    raise Odd(1, 2)
def group():
    raise ExceptionGroup("x", [ValueError()])
class Lying(int):
    def __eq__(self, other): return True
    def __hash__(self): return 0
lying = Lying()
"""


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("solution.give('object')", "gets a Stack from the solution"),
        ("solution.give('nested')", "gets a Stack from the solution"),
        ("solution.give('class')", "gets a type from the solution"),
        ("solution.give('generator')", "gets a generator from the solution"),
        ("solution.give('lambda')", "gets a function from the solution"),
        ("solution.give('self')", "gets a function from the solution"),
        ("solution.give('enum')", "gets a Color from the solution"),
        ("solution.give('map')", "gets a map from the solution"),
        ("solution.give('view')", "gets a dict_keys from the solution"),
        ("solution.give('error')", "gets a ValueError from the solution"),
        ("solution.add([], 1)", "finds a Stack in an argument"),
        ("list(solution.generate())", "calls a generator function"),
        ("solution.later()", "calls an asynchronous function"),
        ("solution.group()", "raises a group of exceptions"),
        ("solution.give(lambda: 1)", "gives a function to the solution"),
        ("solution.give(iter([1]))", "gives a list_iterator to the solution"),
        ("solution.give(type('T', (int,), {})(1))", "gives a T to the solution"),
        ("solution.Stack()", "uses the class Stack"),
        ("isinstance(1, solution.Stack)", "uses the class Stack"),
        ("class Deque(solution.Stack):\n    pass", "uses the class Stack"),
        ("solution.Stack == 1", "uses the class Stack"),
        ("solution.Stack.x", "uses the class Stack"),
        ("solution.enum.Enum; solution.lying", "uses lying, a Lying"),
        ("solution.give.cache_clear()", "asks give for cache_clear"),
        ("solution.give = 1", "sets give of the solution"),
        ("del solution.give", "deletes give of the solution"),
        ("solution.Odd(1, 2)", "makes an Odd, which has code of its own"),
        (
            "try:\n    solution.odd()\nexcept solution.Odd as error:\n    error.hint()",
            "asks an Odd, which has code of its own, for hint",
        ),
    ],
)
def test_what_cannot_cross_is_unportable(split: Split, script: str, reason: str) -> None:
    indented = script.replace("\n", "\n    ")
    swallowing = f"import solution\ntry:\n    {indented}\nexcept Exception:\n    pass\n"
    result = split(CLASSES, swallowing)
    assert result["error"] == f"Unportable: {reason}"
    assert (result["unportable"], result["broken"]) == (reason, "")


def test_unportable_is_noted_though_swallowed_and_ends_the_calls(split: Split) -> None:
    script = """\
import solution
for what in ("object", "true"):
    try:
        solution.give(what)
    except BaseException as error:
        out[what] = type(error).__name__
"""
    result = split(CLASSES, script)
    assert result["out"] == {"object": "Unportable", "true": "Unportable"}
    assert result["unportable"] == "gets a Stack from the solution"


def test_functions_of_the_solution_and_builtins_may_be_given(split: Split) -> None:
    solution = "def double(n):\n    return 2 * n\ndef each(f, xs):\n    return [f(x) for x in xs]"
    script = """\
from solution import double, each
out["a"] = each(double, [1, 2]), each(len, ["a", "bc"]), each(str, [1])
"""
    assert sound(split(solution, script))["a"] == [[2, 4], [1, 2], ["1"]]


SHARING = """\
log = []
def record(x):
    log.append(x)
    return log
def size():
    return len(log)
def keep(xs):
    log.append(xs)
def fill():
    log[-1].append(0)
def closure(xs):
    def inner(n):
        return 0 if n == 0 else inner(n - 1) + len(xs)
    return inner(2)
last = None
def latest(xs):
    global last
    last = xs
    return len(xs)
def cached(n, known={}):
    return known.setdefault(n, [n])
"""


@pytest.mark.parametrize(
    ("script", "agrees"),
    [
        ("seen = record(1); record(2); out['n'] = len(seen)", False),
        ("xs = []; keep(xs); fill(); out['n'] = len(xs)", False),
        ("xs = []; keep(xs); xs.append(1)", False),
        ("cached(1).append(2); out['n'] = len(cached(1))", False),
        ("keep([1]); out['n'] = size()", True),
        ("out['n'] = [cached(1), cached(1), cached(2)]", True),
        ("xs = [1]; closure(xs); xs.append(2); out['n'] = closure(xs)", True),
        ("for n in range(5000): latest([n])\nout['n'] = 1", True),
        ("xs = [1]; latest(xs); latest([2]); xs.append(2); out['n'] = 1", True),
    ],
)
def test_values_that_both_hold_must_stay_alike(split: Split, script: str, agrees: bool) -> None:
    result = split(
        SHARING,
        f"from solution import *\n{script}",
        ("record", "keep", "fill", "cached", "size", "closure", "latest"),
    )
    assert result["error"] == result["broken"] == ""
    shared = "shares a value with the solution that one of them changed"
    assert result["unportable"] == ("" if agrees else shared)


def test_what_nobody_keeps_is_not_watched(split: Split) -> None:
    solution = """\
names = ["a"]
def flat(xs): return [1, 2]
def nested(xs): return [xs, [xs], {"a": xs}]
def fails(xs): raise ValueError(xs)
def closure(xs):
    def inner(n): return [n] if n == 0 else inner(n - 1) + xs
    return inner(2)
"""
    script = """\
from solution import *
for given in ([1], [[1], [2]], {"a": [1]}, {1}, bytearray(3)):
    flat(given)
    flat(xs=given)
    try:
        fails(given)
    except ValueError as error:
        out["same"] = error.args[0] is given
closure([1])
out["watched"] = caller._line._lent._count
nested([1])
"""
    got = sound(split(solution, script, ("flat", "nested", "fails", "closure")))
    assert got == {"watched": 0, "same": True}


def test_a_call_that_changes_what_it_returned_before(split: Split) -> None:
    script = "from solution import record, size\nrecord(1)\nrecord(2)\nsize()"
    assert split(SHARING, script)["unportable"] != ""


@pytest.mark.parametrize(
    "solution",
    [
        "import os\ndef f():\n    os._exit(0)",
        "import os\ndef f():\n    os.kill(os.getpid(), 11)",
        "import os\ndef f():\n    os.closerange(3, 100)",
        "import os\nos._exit(0)",
        "import os\ndef f():\n    os.write(FD, b'x' * 100)\nFD = next(n for n in range(3, 99) if os.path.exists(f'/proc/self/fd/{n}') and 'socket' in os.readlink(f'/proc/self/fd/{n}'))",
    ],
)
def test_a_solution_that_leaves_is_broken(split: Split, solution: str) -> None:
    script = "try:\n    from solution import f\n    f()\nexcept Exception:\n    pass"
    result = split(solution, script)
    assert result["error"].startswith("Broken: the solution's process")
    assert result["broken"].startswith("the solution's process")


def test_threads_take_turns(split: Split) -> None:
    solution = "def f(n):\n    return [n] * 100"
    script = """\
import threading
from solution import f
def work(n):
    out[str(n)] = all(f(n) == [n] * 100 for _ in range(50))
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    assert sound(split(solution, script)) == {str(n): True for n in range(8)}


def test_a_call_broken_off_by_a_signal_does_not_shift_the_answers(split: Split) -> None:
    solution = "import time\ndef f(n):\n    time.sleep(n)\n    return n"
    script = """\
import signal
from solution import f
def late(*_): raise TimeoutError
signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.1)
try:
    f(0.4)
except TimeoutError:
    out["late"] = True
out["next"] = f(0)
"""
    result = split(solution, script)
    assert result["out"] == {"late": True}
    assert result["unportable"] == "interrupts a call of the solution"


def test_a_forked_test_process_may_not_call(split: Split) -> None:
    solution = "def f(n):\n    return n"
    script = """\
import os
from solution import f
child = os.fork()
if not child:
    try:
        f(1)
    except BaseException as error:
        os._exit(9 if type(error) is caller.Broken else 1)
out["code"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
out["n"] = f(2)
"""
    assert sound(split(solution, script)) == {"code": 9, "n": 2}


def test_values_of_some_megabytes(split: Split) -> None:
    solution = "def f(x):\n    return x + x"
    script = "from solution import f\nout['n'] = len(f('é' * 2_000_000))\nf('x' * 9_000_000)"
    result = split(solution, script)
    assert result["out"] == {"n": 4_000_000}
    assert result["unportable"] == "values of more than 16777216 bytes"


NAMES = ["names", {"f": ["function"], "g": ["value"], "E": ["exception", "ValueError"]}]
VALUE = ["value", 1, [], []]
LIES: list[Any] = [
    None,
    [],
    "value",
    ["value"],
    ["value", 1],
    ["value", 1, [], {}],
    ["value", {"T": "x"}, [], []],
    ["value", {"r": 5}, [], []],
    ["value", {"function": "f"}, [], []],
    ["value", {"builtin": "eval"}, [], []],
    ["value", 1, [[0]], []],
    ["value", 1, [[0, 5]], []],
    ["value", 1, [[7, []]], []],
    ["value", 1, [["0", []]], []],
    ["value", [], [[1, []]], []],
    ["value", 1, [], [1]],
    ["value", 1, [], [[1, 99]]],
    ["value", 1, [], [["a", 0]]],
    ["raised", {}, [], []],
    ["raised", {"class": "eval", "args": [], "state": {}}, [], []],
    ["raised", {"class": "int", "args": [], "state": {}}, [], []],
    ["raised", {"class": ["os", "error"], "args": [], "state": {}}, [], []],
    ["raised", {"class": ["_pytest.outcomes", "Exit"], "args": [], "state": {}}, [], []],
    ["raised", {"class": ["unittest.case", "SkipTest"], "args": [], "state": {}}, [], []],
    [
        "raised",
        {"class": {"name": "A b", "bases": ["ValueError"], "plain": True}, "args": [], "state": {}},
        [],
        [],
    ],
    [
        "raised",
        {"class": {"name": "A", "bases": [], "plain": True}, "args": [], "state": {}},
        [],
        [],
    ],
    [
        "raised",
        {
            "class": {"name": "A", "bases": ["OSError", "SyntaxError"], "plain": True},
            "args": [],
            "state": {},
        },
        [],
        [],
    ],
    ["raised", {"class": "UnicodeDecodeError", "args": [1], "state": {}}, [], []],
    ["raised", {"class": "ValueError", "args": [{"x": 1}], "state": {}}, [], []],
    ["raised", {"class": "ValueError", "args": [], "state": {"a": {"r": 9}}}, [], []],
    ["names", {}],
    ["end", False, []],
    ["unportable", 3],
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_lying_answer_breaks_the_run(split: Split, lie: Any) -> None:
    script = "from solution import f\nout['got'] = repr(f([1]))"
    result = split("", script, answers=[NAMES, lie, VALUE])
    assert result["out"] == {}
    assert result["error"].startswith("Broken: the solution's process sent")


@pytest.mark.parametrize(
    "greeting",
    [
        ["names", []],
        ["names", {"f": ["library", "unittest.mock", "ANY"]}],
        ["names", {"f": ["library", "os", "system"]}],
        ["names", {"f": ["library", "sys", "__dict__"]}],
        ["names", {"f": ["library", [], "x"]}],
        ["names", {"f": ["library", "math", "nothing"]}],
        ["names", {"f": ["exception", "eval"]}],
        ["names", {"f": []}],
        ["names", {"f": ["function", 1]}],
        ["names", {"f": "function"}],
        VALUE,
        7,
    ],
    ids=str,
)
def test_a_lying_greeting_breaks_the_run(split: Split, greeting: Any) -> None:
    result = split("", "from solution import f", answers=[greeting])
    assert result["error"].startswith("Broken: the solution's process sent")


def test_a_star_import_gives_only_what_the_tests_mean_to_have(split: Split) -> None:
    greeting = ["names", {name: ["function"] for name in ("f", "approx", "abs", "isinstance")}]
    script = "from solution import *\nout['names'] = sorted(n for n in dir() if n in ('f', 'approx', 'abs'))"
    result = split("", script, ("f",), answers=[greeting])
    assert result["out"] == {"names": ["f"]}


def test_raw_noise_on_the_socket_breaks_the_run(split: Split) -> None:
    noise = [
        b"\xff" * 40,
        b"\0\0\0\0",
        b"\1\0\0\0",
        struct.pack("<I", 20) + b"[" * 20,
        b"\5\0\0\0[1,2]!",
    ]
    for data in noise:
        result = split("", "import solution", answers=[], bytes=data.hex())
        assert result["error"].startswith("Broken: the solution's process")


FUZZ = """\
import json, os, random, socket, struct
from kodgen.sandbox.harness import caller, split
LEAVES = (None, True, 0, 1, -1, 3, 1.5, "", "x", "value", "raised", "names", "f", "ValueError")
TAGS = ("r", "t", "d", "set", "class", "args", "state", "i", "deque", "name", "bases", "plain")
def form(random, depth):
    what = random.random()
    if depth == 0 or what < 0.35:
        return random.choice(LEAVES)
    inner = [form(random, depth - 1) for _ in range(random.randrange(4))]
    return inner if what < 0.7 else dict(zip(random.sample(TAGS, len(inner)), inner))
def answer(random):
    what = random.random()
    if what < 0.15:
        return random.randbytes(random.randrange(60))
    if what < 0.3:
        message = form(random, 4)
    elif what < 0.6:
        message = ["value", form(random, 4), form(random, 3), form(random, 2)]
    elif what < 0.8:
        message = ["value", form(random, 3), [[random.randrange(3), form(random, 2)]], []]
    else:
        body = {"class": form(random, 3), "args": form(random, 2), "state": form(random, 2)}
        message = ["raised", body, [], []]
    body = json.dumps(message).encode()
    if what > 0.95:
        body = body[: random.randrange(len(body))]
    return struct.pack("<I", len(body)) + body
dice, ends = random.Random(3), {}
for number in range(20_000):
    ours, theirs = socket.socketpair()
    split.state.__init__()
    line = caller._Line(ours)
    theirs.sendall(answer(dice))
    theirs.shutdown(socket.SHUT_WR)
    given = [[1], {"a": 2}]
    try:
        line.call("f", given, {})
        end = "value"
    except caller.Broken:
        end = "broken"
    except caller.Unportable:
        end = "unportable"
    except BaseException as error:
        assert type(error).__module__ in ("builtins", "solution"), error
        assert type(error).__name__ in ("ValueError", "x", "f", "value", "raised", "names"), error
        end = "raised"
    assert bool(split.state.broken) == (end == "broken")
    if end == "broken":
        assert given == [[1], {"a": 2}]
    line.end()
    theirs.close()
    ends[end] = ends.get(end, 0) + 1
print(json.dumps(ends))
"""


def test_twenty_thousand_bad_answers_never_crash_the_tests() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FUZZ],
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ends = json.loads(done.stdout)
    assert sum(ends.values()) == 20_000
    assert ends["broken"] > 10_000
    assert ends["value"] > 100
