"""Trials under a Python of the user's, with packages of its own and some of them preloaded."""

import asyncio
import os
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kodgen import config
from kodgen.errors import ConfigError
from kodgen.sandbox import Sandbox
from kodgen.sandbox.interpreter import examine
from tests.sandbox.conftest import Bench

OURS = """\
import os, time
time.sleep({seconds})
born = os.getpid()
def double(x):
    return 2 * x
"""
SOLUTION = "import ours\n\ndef double(x):\n    return ours.double(x)\n"
TEST = "from solution import double\n\ndef test_double():\n    assert double(21) == 42\n"
PRELOADED = """\
import os, sys
loaded = "ours" in sys.modules
def elsewhere():
    import ours
    return loaded and ours.born != os.getpid()
"""
PRELOADED_TEST = (
    "from solution import elsewhere\n\ndef test_elsewhere():\n    assert elsewhere() is True\n"
)
NUMPY = """\
import numpy as np

def spectrum(n):
    return np.linalg.svd(np.ones((n, n)), compute_uv=False)[0]

def drawn():
    return int(np.random.randint(10**9))

def room(mib):
    return np.empty(mib * 2**17).nbytes
"""
NUMPY_TEST = """\
import pytest
from solution import drawn, room, spectrum

def test_spectrum():
    assert spectrum(50) == pytest.approx(50)

def test_drawn():
    assert drawn() == 209652396

def test_room():
    assert room(450) == 450 * 2**20
"""


def site_packages(environment: Path) -> Path:
    return next(environment.glob("lib/python3*/site-packages"))


@pytest.fixture(scope="module")
def equipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that has what this one has, and a package of its own."""
    folder = tmp_path_factory.mktemp("python") / "equipped"
    venv.create(folder, symlinks=True)
    ours = [path for path in sys.path if path.endswith("site-packages")]
    (site_packages(folder) / "more.pth").write_text("\n".join(ours))
    (site_packages(folder) / "ours.py").write_text(OURS.format(seconds=0))
    return folder


@pytest.fixture(scope="module")
def elsewhere(equipped: Path) -> Iterator[Bench]:
    """Trials under that environment, its package and numpy preloaded."""
    limits = config.Sandbox(workers=1, memory_mb=512, python=equipped, preload=("ours", "numpy"))
    bench = Bench(limits)
    yield bench
    bench.close()


def start(**settings: Any) -> None:
    async def main() -> None:
        async with Sandbox(config.Sandbox(workers=1, **settings)):
            pass

    asyncio.run(main())


def test_packages_are_those_of_the_chosen_python(
    bench: Any, elsewhere: Any, equipped: Path
) -> None:
    verdict = elsewhere.run(SOLUTION, TEST)
    assert verdict.passed
    assert verdict.environment == elsewhere.sandbox.environment.digest
    assert verdict.environment == examine(equipped).environment.digest
    verdict = bench.run(SOLUTION, TEST)
    assert (verdict.outcome, verdict.reason) == ("error", "missing_dependency")
    assert "'ours'" in verdict.observed.message


def test_a_preloaded_module_is_there_before_the_trial(elsewhere: Any) -> None:
    assert elsewhere.run(PRELOADED, PRELOADED_TEST).passed


def test_a_preloaded_numpy_works_and_takes_no_memory_from_the_trial(elsewhere: Any) -> None:
    verdict = elsewhere.run(NUMPY, NUMPY_TEST)
    assert verdict.passed, verdict


def test_a_package_installed_in_place_is_found(equipped: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "inplace").mkdir(parents=True)
    (project / "inplace" / "__init__.py").write_text("value = 42\n")
    (project / ".env").write_text("secret")
    pointer = site_packages(equipped) / "inplace.pth"
    pointer.write_text(str(project))
    solution = "import os, inplace\n\ndef seen():\n    return inplace.value, os.listdir(FOLDER)\n"
    solution = solution.replace("FOLDER", repr(str(project)))
    test = "from solution import seen\n\ndef test_seen():\n    assert seen() == (42, ['inplace'])\n"
    bench = Bench(config.Sandbox(workers=1, python=equipped))
    try:
        verdict = bench.run(solution, test)
    finally:
        bench.close()
        pointer.unlink()
    assert verdict.passed, verdict


def test_what_can_t_be_preloaded_is_a_mistake_of_the_settings(equipped: Path) -> None:
    with pytest.raises(ConfigError, match=r"preload: nosuch of .*/equipped/bin/python: no such"):
        start(python=equipped, preload=("nosuch",))
    threads = site_packages(equipped) / "threads.py"
    threads.write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=[99], daemon=True).start()\n"
    )
    with pytest.raises(ConfigError, match=r"threads of .* leaves 1 thread running"):
        start(python=equipped, preload=("threads",))


def test_what_a_preloaded_module_writes_is_no_trial_s(equipped: Path) -> None:
    (site_packages(equipped) / "writer.py").write_text(
        "import os, pathlib, tempfile\n"
        "handle, name = tempfile.mkstemp()\n"
        "pathlib.Path.home().joinpath('.writer').write_text('index')\n"
    )
    solution = (
        "import os, writer\n\ndef left():\n"
        "    return [*os.listdir(os.environ['HOME']), *os.listdir(os.environ['TMPDIR'])]\n"
    )
    # An interpreter below /tmp leaves the way to itself there.
    way = [Path(sys.prefix).parts[2]] if Path(sys.prefix).is_relative_to("/tmp") else []
    way += [equipped.parts[2]] if equipped.is_relative_to("/tmp") else []
    test = (
        "from solution import left\n\ndef test_left():\n"
        f"    assert sorted(left()) == {sorted(set(way))!r}\n"
    )
    bench = Bench(config.Sandbox(workers=1, python=equipped, preload=("writer",)))
    try:
        verdict = bench.run(solution, test)
    finally:
        bench.close()
    assert verdict.passed, verdict


def test_a_python_without_tools_is_refused(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", symlinks=True)
    with pytest.raises(ConfigError, match="lacks pytest and coverage"):
        start(python=tmp_path / "bare")


NEWER = os.environ.get("KODGEN_TEST_PYTHONS", "").split()


@pytest.mark.parametrize("python", NEWER)
def test_other_versions_give_the_same_verdict(python: str) -> None:
    bench = Bench(config.Sandbox(workers=1, python=Path(python)))
    try:
        verdict = bench.run("def double(x):\n    return 2 * x\n", TEST)
    finally:
        bench.close()
    assert verdict.passed, verdict
    assert verdict.coverage == 100.0
