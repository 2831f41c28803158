"""What the checks of a control run call: did a check come about, and did a value lie in it.

A value lies that claims to equal, or to be less than, or to hold an object that nobody has ever
seen. Honest values deny this or raise; plain builtin values cannot claim it at all and are not
asked. Helpers that decide (`pytest.raises`, `self.assertEqual`, `math.isclose`, `all`) lie when
they accept what is known to be false.

The checks themselves are carried out as written, so a test runs as it did before; only at its end
it fails, unless something lied. `control.impossible` puts the calls in place.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from .lies import CONTAINERS, LEFT, OPERATIONS, PLAIN, RIGHT, lies

_METHODS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "assertEqual": ("==", (0, 1)),
    "assertNotEqual": ("!=", (0, 0)),
    "assertTrue": ("", (False,)),
    "assertFalse": ("", (True,)),
    "assertIs": ("", (0, None)),
    "assertIsNot": ("", (None, None)),
    "assertIsNone": ("", (0,)),
    "assertIsNotNone": ("", (None,)),
    "assertIn": ("in", (0, ())),
    "assertNotIn": ("not in", (0, (0,))),
    "assertIsInstance": ("", (0, str)),
    "assertNotIsInstance": ("", (0, int)),
    "assertAlmostEqual": ("==", (0, 1)),
    "assertNotAlmostEqual": ("!=", (0, 0)),
    "assertGreater": (">", (0, 1)),
    "assertGreaterEqual": (">=", (0, 1)),
    "assertLess": ("<", (1, 0)),
    "assertLessEqual": ("<=", (1, 0)),
    "assertRegex": ("", ("a", "b")),
    "assertNotRegex": ("", ("a", "a")),
    "assertCountEqual": ("==", ([0], [1])),
    "assertSequenceEqual": ("==", ([0], [1])),
    "assertListEqual": ("==", ([0], [1])),
    "assertTupleEqual": ("==", ((0,), (1,))),
    "assertSetEqual": ("==", ({0}, {1})),
    "assertDictEqual": ("==", ({0: 0}, {0: 1})),
    "assertMultiLineEqual": ("==", ("a", "b")),
}
"""Methods of `unittest.TestCase`: the comparison each makes, and arguments it must refuse."""

_PREDICATES: dict[str, tuple[Any, ...]] = {
    "all": ([False],),
    "any": ([False],),
    "isclose": (0.0, 1.0),
    "allclose": (0.0, 1.0),
    "array_equal": ([0], [1]),
}
PREDICATES = frozenset(_PREDICATES)
"""Functions that a check may rest on, for which a false case is known."""


_SEARCHED = 2000
"""Comparisons of a test after which lists and the like are no longer searched for liars: it takes
up to 25 us each, and some tests compare in long loops."""


class Never(UserWarning):
    """An exception, and a warning, that nothing raises."""


class Foreign(Exception):
    """Raised where only `Never` is expected."""


class Refused(AssertionError):
    """What every honest test of a control run ends with."""


class Hook:
    """The record of one test of a control run, and what its rewritten checks call.

    Attributes:
        armed: Tests fail at their end. Not while the test file is imported: some call their tests
            as they are, and would not be collected.
        entered: The test function was called.
        reached: A check of the test came about.
        lied: A value or a helper accepted what no honest one can.
        failed: An exception left the test function, as one does at the end of every honest test.
            If the test is reported as passed all the same, the report is false.
    """

    name = "__kodgen_hook__"
    """The global name under which a rewritten module finds its hook."""

    def __init__(self) -> None:
        self.armed = True
        self.begin()

    def begin(self) -> None:
        """Forget the test before."""
        self.entered = False
        self.reached = False
        self.lied = False
        self.failed = False
        self._failing = False
        self._asked = 0
        self._tried: list[object] = []

    def watch(self) -> "_Watch":
        """The context in which a test function's body runs."""
        return _Watch(self)

    def check(self, value: Any) -> Any:
        """Note that a check has its value; gives the value."""
        self.reached = True
        return value

    def holds(self, value: Any) -> bool:
        """The same for an `assert`, which fails now if the value is false."""
        self.reached = True
        truth = bool(value)
        if not truth:
            self._failing = True
        return truth

    def compare(self, symbol: str, left: Any, right: Any, sides: int) -> Any:
        """Carry out a comparison and see whether a side of it lies; gives its result."""
        result = OPERATIONS[symbol](left, right)
        self._ask(symbol, left, right, sides)
        return result

    def asserts(self, name: str, known: bool, function: Callable[..., Any]) -> Callable[..., Any]:
        """A check made by a call: `function` with its arguments seen.

        Args:
            name: What is called. Of a method of `unittest.TestCase` the comparison is known; of
                others, a name with `equal` or `close` says that two arguments are compared.
            known: It belongs to a TestCase or to a library, and so must refuse what is false.
            function: What the test calls.
        """

        def call(*arguments: Any, **keywords: Any) -> Any:
            self.reached = True
            result = function(*arguments, **keywords)
            symbol, false_case = _METHODS.get(name) or _by_name(name)
            if symbol and len(arguments) >= 2:
                self._ask(symbol, arguments[0], arguments[1], LEFT | RIGHT)
            if known and false_case:
                self._try(function, lambda: _accepts(function, false_case))
            return result

        return call

    def catcher(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`pytest.raises` and its like, tried before it is used; reached when called."""

        def call(*arguments: Any, **keywords: Any) -> Any:
            self.reached = True
            self._try(function, lambda: _swallows(function))
            return function(*arguments, **keywords)

        return call

    def predicate(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """One of `PREDICATES`, tried with a case known to be false; gives the function."""
        self._try(function, lambda: _holds(function, _PREDICATES[name]))
        return function

    def leave(self) -> None:
        """At the end of a context that the solution made: fail here, where it could swallow it.

        Raises:
            Refused: A check was reached and nothing lied.
        """
        if self.armed and self.reached and not self.lied:
            self._failing = True
            raise Refused

    def swallowed(self) -> None:
        """After such a context: a failure in it did not get out."""
        if self._failing:
            self.lied = True

    def _ask(self, symbol: str, left: Any, right: Any, sides: int) -> None:
        if (type(left) in PLAIN and type(right) in PLAIN) or self.lied:
            return
        self._asked += 1
        if self._asked <= _SEARCHED or not {type(left), type(right)} <= PLAIN | CONTAINERS:
            self.lied = lies(symbol, left, right, sides)

    def _try(self, function: object, trial: Callable[[], bool]) -> None:
        # Bound methods are made anew at each use, the function below them is not.
        below = getattr(function, "__func__", function)
        if self.lied:
            return
        for tried in self._tried:
            if tried is below:
                return
        self._tried.append(below)
        self.lied = trial()


class _Watch:
    """Ends a test function that would pass, unless no check was reached or something lied."""

    __slots__ = ("_hook",)

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def __enter__(self) -> None:
        self._hook.entered = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        hook = self._hook
        if kind is not None:
            hook.failed = True
        elif hook.armed and hook.reached and not hook.lied:
            hook.failed = True
            raise Refused("the control run's last check cannot be met")


def _by_name(name: str) -> tuple[str, tuple[Any, ...]]:
    """What `_METHODS` would say of a function of numpy's or pandas' `testing`, or of a helper."""
    if name.startswith("assert_") and "not" not in name and ("equal" in name or "close" in name):
        return "==", (0, 1)
    return "", ()


def _accepts(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
    """Whether an assertion function accepts what it must refuse by raising."""
    try:
        function(*arguments)
    except Exception:  # noqa: BLE001 - any refusal
        return False
    return True


def _holds(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
    """Whether a predicate says yes to what is false."""
    try:
        return bool(function(*arguments))
    except Exception:  # noqa: BLE001 - any refusal
        return False


def _swallows(function: Callable[..., Any]) -> bool:
    """Whether a catcher of exceptions accepts another one, or none."""
    for body in (_raise_foreign, _raise_nothing):
        try:
            with function(Never):
                body()
        except BaseException:  # noqa: BLE001, S112 - pytest's failures are no `Exception`
            continue
        return True
    return False


def _raise_foreign() -> None:
    raise Foreign


def _raise_nothing() -> None:
    pass
