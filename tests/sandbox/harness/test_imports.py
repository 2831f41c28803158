import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


def changed(code: str) -> str:
    script = f"from kodgen.sandbox.harness.imports import Imports\nimports = Imports()\n{code}\nprint(imports.changed())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import asyncio, decimal, email.mime.text, sqlite3, xml.etree.ElementTree, concurrent.futures",
        "import multiprocessing.pool, unittest.mock, ctypes.util, importlib.resources, zoneinfo",
        "import numpy",
        "import sys\nclass Late:\n    def find_spec(*a): return None\nsys.meta_path.append(Late)",
        "import sys, types\nsys.modules['mine'] = types.ModuleType('mine')",
    ],
)
def test_honest_imports_change_nothing(code: str) -> None:
    assert changed(code) == "[]"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import sys\nclass Early:\n    def find_spec(*a): return None\nsys.meta_path.insert(0, Early)", "sys.meta_path"),
        ("import sys\nsys.meta_path.clear()", "sys.meta_path"),
        ("import sys\nsys.path_hooks[0] = print", "sys.path_hooks"),
        ("import sys, types\nsys.modules['colorsys'] = types.ModuleType('colorsys')", "sys.modules.colorsys"),
        ("import sys\nsys.modules['colorsys'] = object()", "sys.modules.colorsys"),
    ],
)  # fmt: skip
def test_what_stands_between_is_named(code: str, name: str) -> None:
    assert name in changed(code)
