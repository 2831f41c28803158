"""Random programs for tests of coverage: every statement, in every nesting, some of it failing."""

import random
import textwrap

_EXPRESSIONS = (
    "x",
    "x + 1",
    "(x,\n    1)",
    "[i\n    for i in range(2)\n]",
    "missing",
    "1 / 0",
    "f(x)",
    "(lambda:\n    x)()",
    "f(\n    x\n)",
    'f"{x}"',
    "None",
    "...",
    '"text"',
)
_CONDITIONS = (
    "x",
    "not x",
    "True",
    "0",
    "flip()",
    "flip()",
    "flip()",
    "(x\n    and flip()\n)",
    "missing",
    "x is None",
)
_DEEPEST = 4


class Writer:
    """Writes one program after another from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._globals = 0

    def program(self) -> str:
        functions = "".join(self._function(f"run{number}", 0) for number in range(4))
        module = self._suite(2, inside="module", indented=False)
        return (
            "import random\nrng = random.Random(1)\nsteps = 0\nx = 1\n"
            "def flip():\n    global steps\n    steps += 1\n"
            "    if steps > 400: raise SystemExit\n    return rng.random() < 0.5\n"
            "def f(v):\n    return v\ndef d(v):\n    return v\n" + functions + module
        )

    def _function(self, name: str, depth: int) -> str:
        header = self._pick(
            f"def {name}(x=1):\n", f"def {name}(\n    x=1,  # c\n\n):\n", f"@d\ndef {name}(x=1):\n"
        )
        doc = self._pick("", "", '    """Doc."""\n', '    """Doc\n    more"""\n')
        return header + doc + self._suite(depth, inside="function")

    def _pick(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _expression(self) -> str:
        return self._pick(*_EXPRESSIONS)

    def _condition(self) -> str:
        return self._pick(*_CONDITIONS)

    def _suite(self, depth: int, inside: str, *, indented: bool = True) -> str:
        count = self._random.randint(1, 4)
        text = "".join(self._statement(depth, inside) for _ in range(count))
        return textwrap.indent(text, "    ") if indented else text

    def _inline(self, depth: int, inside: str) -> str:
        """A suite, sometimes on its clause's own line."""
        if self._random.random() < 0.2:
            return f" {self._simple(inside)}"
        return "\n" + self._suite(depth + 1, inside)

    def _simple(self, inside: str) -> str:
        simple = [
            f"x = {self._expression()}\n",
            f"x = 1; y = {self._expression()}\n",
            f"{self._expression()}\n",
            "pass\n",
            f"assert {self._condition()}\n",
            "x: int = 2\n",
            "y: int\n",
            "import os\n",
            "raise ValueError\n",
        ]
        if "function" in inside:
            simple += [f"return {self._expression()}\n", "return\n", self._global()]
        if "loop" in inside:
            simple += ["break\n", "continue\n"]
        return self._pick(*simple)

    def _global(self) -> str:
        self._globals += 1
        return f"global g{self._globals}; g{self._globals} = 1\n"

    def _statement(self, depth: int, inside: str) -> str:
        if depth >= _DEEPEST or self._random.random() < 0.45:
            return self._simple(inside)
        kind = self._pick("if", "for", "while", "try", "with", "match", "class", "def")
        return getattr(self, f"_{kind}")(depth, inside)

    def _else(self, depth: int, inside: str) -> str:
        return f"else:{self._inline(depth, inside)}" if self._random.random() < 0.5 else ""

    def _if(self, depth: int, inside: str) -> str:
        text = f"if {self._condition()}:{self._inline(depth, inside)}"
        while self._random.random() < 0.3:
            text += f"elif {self._condition()}:{self._inline(depth, inside)}"
        return text + self._else(depth, inside)

    def _for(self, depth: int, inside: str) -> str:
        over = self._pick("range(2)", "(\n    1,\n    2\n)", "[]", "missing")
        body = self._inline(depth, f"{inside} loop")
        return f"for i in {over}:{body}" + self._else(depth, inside)

    def _while(self, depth: int, inside: str) -> str:
        condition = self._pick("flip()", "flip() and x", "True and flip()", "0", "(\n    flip())")
        body = self._inline(depth, f"{inside} loop")
        return f"while {condition}:{body}" + self._else(depth, inside)

    def _try(self, depth: int, inside: str) -> str:
        text = f"try:{self._inline(depth, inside)}"
        kinds = ["ZeroDivisionError", "(KeyError,\n    NameError)", "ValueError as e", "missing"]
        chosen = self._random.sample(kinds, self._random.randint(0, 3))
        for kind in chosen:
            text += f"except {kind}:{self._inline(depth, inside)}"
        bare = self._random.random() < 0.4
        if bare:
            text += f"except:{self._inline(depth, inside)}"
        if chosen or bare:
            text += self._else(depth, inside)
        if not (chosen or bare) or self._random.random() < 0.4:
            # What fails in here while an exception is under way has CPython 3.11 go through code
            # that it gives the suite's last line, reached or not, and coverage.py with it.
            quiet = ("pass\n", "x = 1; y = f(2)\n", "x = [\n    1\n]\n", "if x: x = 2\n")
            lines = "".join(self._random.sample(quiet, self._random.randint(1, 3)))
            text += "finally:\n" + textwrap.indent(lines, "    ")
        return text

    def _with(self, depth: int, inside: str) -> str:
        manager = self._pick(
            "open('/dev/null')",
            "open('/dev/null') as a, open(\n    '/dev/null') as b",
            "(\n    open('/dev/null') as a,\n)",
            "missing",
            "__import__('contextlib').suppress(Exception)",
        )
        return f"with {manager}:{self._inline(depth, inside)}"

    def _match(self, depth: int, inside: str) -> str:
        patterns = [
            "1",
            "None | 2",
            "[a, b]",
            "[a,\n    b]",
            "{'k': k}",
            "str()",
            "(\n    3)",
            "int() if flip()",
            "tuple() if missing",
        ]
        cases = self._random.sample(patterns, self._random.randint(1, 4))
        if self._random.random() < 0.5:
            cases.append(self._pick("_", "other"))
        text = "".join(f"case {case}:{self._inline(depth, inside)}" for case in cases)
        return f"match {self._expression()}:\n" + textwrap.indent(text, "    ")

    def _class(self, depth: int, inside: str) -> str:
        del inside
        header = self._pick(
            "class C:", "@d\nclass C:", "@missing\n@d\nclass C:", "class C(\n    object\n):"
        )
        return f"{header}{self._inline(depth, 'class')}"

    def _def(self, depth: int, inside: str) -> str:
        del inside
        return self._function("g", depth + 1) + self._pick("", "g()\n")
