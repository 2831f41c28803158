"""What coverage.py says of a solution, and what ours says, of the same import and calls."""

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import coverage

from kodgen.sandbox.harness.measure import Coverage

HERE = Path(__file__).parent


def constructs() -> dict[str, str]:
    """Sources by name: one for each thing a statement's line may depend on."""
    sections = (HERE / "constructs.txt").read_text().split("### ")[1:]
    found = dict(section.split("\n", 1) for section in sections)
    long = "\n" * 2060 + "def run():\n    x = 1\n    if x:\n        return 1\n    return 2\n"
    return found | {
        "empty": "",
        "no line end at the end": "x = 1\ny = 2",
        "byte order mark": "\ufeffx = 1\n",
        "carriage returns": "def run():\r\n    x = (1,\r\n         2)\r\n    return x\r\n",
        "form feeds": "x = 1\n\f\ndef run():\n\f\n    return 2\n",
        "blanks": "x = 1\n   \n\t\n\f\ny = 2\n",
        "long file": long,
    }


@contextlib.contextmanager
def importable(path: Path) -> Iterator[None]:
    """Have a file imported by its name, anew."""
    sys.modules.pop(path.stem, None)
    importlib.invalidate_caches()
    sys.path.insert(0, str(path.parent))
    cached = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = cached
        sys.path.remove(str(path.parent))
        sys.modules.pop(path.stem, None)


def use(path: Path) -> None:
    """Import a file and call what begins with `run` in it, whatever comes of that."""
    with importable(path), contextlib.suppress(Exception, SystemExit):
        module = importlib.import_module(path.stem)
        for name in sorted(vars(module)):
            if name.startswith("run"):
                with contextlib.suppress(Exception, SystemExit):
                    vars(module)[name]()


def theirs(path: Path, drive: Callable[[Path], None] = use) -> tuple[int, int] | None:
    """Coverage by coverage.py: statements that ran, and all."""
    measured = coverage.Coverage(
        data_file=None, include=[str(path)], config_file=False, messages=False
    )
    measured.set_option("run:disable_warnings", ["no-data-collected"])
    measured.start()
    drive(path)
    measured.stop()
    try:
        _, statements, _, missing, _ = measured.analysis2(str(path))
    except coverage.exceptions.NotPython:
        return None
    return len(statements) - len(missing), len(statements)


def ours(
    path: Path, measured: Coverage, drive: Callable[[Path], None] = use
) -> tuple[int, int] | None:
    """Coverage by ours: likewise."""
    measured.start()
    drive(path)
    return measured.stop()
