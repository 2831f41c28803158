"""Preloading, in a process of its own as the fork server would do it."""

import subprocess
import sys
from pathlib import Path

HARNESS = Path(__file__).resolve().parents[3] / "kodgen" / "sandbox" / "harness"
DRIVER = """\
import importlib.util, sys
spec = importlib.util.spec_from_file_location("preload", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.LONGEST_SECONDS = 1
sys.path.append(sys.argv[2])
try:
    module.preload(sys.argv[3:])
except module.PreloadError as error:
    print(error)
else:
    module.reseed(0)
    numpy = sys.modules.get("numpy")
    print("loaded", numpy.random.randint(10**9) if numpy else "")
"""


def preload(folder: Path, *names: str, **sources: str) -> str:
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source)
    arguments = [str(HARNESS / "preload.py"), str(folder), *names]
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *arguments],
        env={"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_modules_are_imported_in_order(tmp_path: Path) -> None:
    sources = {"a": "value = 1", "b": "import sys\nassert sys.modules['a'].value"}
    assert preload(tmp_path, "a", "b", **sources) == "loaded"


def test_a_missing_module_is_named_with_what_installs_it(tmp_path: Path) -> None:
    said = preload(tmp_path, "nosuch.part")
    assert said.startswith(f"sandbox.preload: nosuch.part of {sys.executable}: no such module")
    assert f"`{sys.executable} -m pip install nosuch`" in said


def test_a_missing_need_of_a_module_is_named(tmp_path: Path) -> None:
    assert preload(tmp_path, "needy", needy="import nosuch").endswith(
        "can't be imported: it needs 'nosuch', which is not installed"
    )


def test_a_module_that_fails_is_named_with_its_error(tmp_path: Path) -> None:
    assert "bad of " in preload(tmp_path, "bad", bad="raise SystemExit(3)")
    assert "SystemExit: 3" in preload(tmp_path, "bad")


def test_threads_left_running_are_refused(tmp_path: Path) -> None:
    source = (
        "import threading, time\nthreading.Thread(target=time.sleep, args=[9], daemon=True).start()"
    )
    said = preload(tmp_path, "fine", "busy", fine="", busy=source)
    assert "busy of" in said
    assert "leaves 1 thread running" in said


def test_an_endless_import_is_interrupted(tmp_path: Path) -> None:
    assert "endless of" in preload(tmp_path, "endless", endless="while True: pass")
    assert "was not imported within 1 s" in preload(tmp_path, "endless")


def test_numpy_is_seeded(tmp_path: Path) -> None:
    first = preload(tmp_path, "numpy")
    assert first.startswith("loaded ")
    assert first == preload(tmp_path, "numpy")
