import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

SCRIPT = """\
import os, pathlib, shelve, shutil, sys
from kodgen.sandbox.harness import kernel, modes
from kodgen.sandbox.harness.seccomp import Filter, Policy

inside, outside = map(pathlib.Path, sys.argv[1:])
modes.forgive(str(inside))
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
Filter(Policy(same_user=True)).install()

def refused(action, *arguments, **options):
    try:
        action(*arguments, **options)
    except PermissionError:
        return True
    return False

os.chdir(inside)
for name in (b"x", "x", inside / "x"):
    os.chmod(name, 0)
with open("x") as file:
    os.fchmod(file.fileno(), 0)
    os.utime(file.fileno())
assert os.stat("x").st_mode & 0o777 == 0o644
os.mkdir("folder")
folder = os.open("folder", os.O_RDONLY)
open("folder/y", "w").close()
os.chmod("y", 0, dir_fd=folder)
os.symlink(outside / "z", "link")
shutil.copy("x", "copied")
shutil.copy2("x", "copied too")
pathlib.Path("x").touch()
with shelve.open("shelf") as shelf:
    shelf["a"] = 1
assert refused(os.chmod, outside / "z", 0) and refused(os.chmod, "link", 0)
assert refused(os.chmod, "../outside/z", 0) and refused(os.utime, outside / "z")
with open(outside / "z") as file:
    assert refused(os.fchmod, file.fileno(), 0)
try:
    os.chmod("absent", 0)
except FileNotFoundError:
    pass
else:
    raise SystemExit("there is no such file")
assert os.chmod in os.supports_dir_fd and os.chmod.__name__ == "chmod"
"""


def test_own_files_are_let_be_and_others_refused(tmp_path: Path) -> None:
    for name, file in (("inside", "x"), ("outside", "z")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch(mode=0o644)
        (tmp_path / name / file).chmod(0o644)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "inside"), str(tmp_path / "outside")],
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
