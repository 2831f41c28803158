import subprocess
import sys
import time
from pathlib import Path

import pytest

from kodgen.sandbox.harness import landlock

REPOSITORY = Path(__file__).resolve().parents[3]

needs_landlock = pytest.mark.skipif(landlock.abi() < 1, reason="no Landlock in this kernel")
needs_scopes = pytest.mark.skipif(
    landlock.abi() < landlock.ABI_SCOPES, reason="this Landlock has no scopes"
)

PRELUDE = """\
import errno, os, signal, socket, sys, time
from kodgen.sandbox.harness import kernel, landlock
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
def denied(action, *arguments):
    try:
        action(*arguments)
    except OSError as error:
        return error.errno in (errno.EPERM, errno.EACCES, errno.EXDEV)
    return False
"""


def script(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + code],
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def holds(code: str) -> None:
    done = script(code)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def world(tmp_path: Path) -> Path:
    for name in ("own", "shown", "hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    return tmp_path


RULES = """\
top = {top!r}
rules = landlock.Rules({version})
rules.allow(top + "/own", landlock.CHANGE)
rules.allow(top + "/shown", landlock.READ_AND_RUN)
rules.allow("/dev/null", landlock.USE_DEVICE)
rules.allow("/proc", landlock.READ_DIR)
rules.allow_all([top + "/absent"], landlock.READ)
rules.restrict("/proc/self")
"""


@needs_landlock
@pytest.mark.parametrize("version", [None, 1, 2, 3, 4, 5])
def test_only_what_is_named_can_be_touched(world: Path, version: int | None) -> None:
    holds(
        RULES.format(top=str(world), version=version)
        + """\
assert open(top + "/shown/file").read() == "shown" and os.listdir(top + "/shown") == ["file"]
assert denied(open, top + "/hidden/file") and denied(os.listdir, top + "/hidden")
for name in ("shown", "hidden"):
    assert denied(open, top + f"/{name}/file", "w") and denied(open, top + f"/{name}/new", "x")
    assert denied(os.mkdir, top + f"/{name}/new") and denied(os.remove, top + f"/{name}/file")
    assert denied(os.symlink, "/", top + f"/{name}/new")
os.makedirs(top + "/own/a/b")
open(top + "/own/a/b/new", "w").write("x")
os.rename(top + "/own/a/b/new", top + "/own/a/b/newer")
os.truncate(top + "/own/file", 0)
os.symlink(top + "/hidden/file", top + "/own/link")
os.mkfifo(top + "/own/fifo")
assert denied(open, top + "/own/link")
assert denied(os.link, top + "/shown/file", top + "/own/linked")
assert denied(os.mknod, top + "/own/node", 0o60600, 0)
open("/dev/null", "w").write("x")
assert denied(open, "/dev/zero") and denied(open, "/etc/passwd") and denied(os.listdir, "/")
assert str(os.getpid()) in os.listdir("/proc")
assert f"Pid:\\t{os.getpid()}\\n" in open("/proc/self/status").read()
assert denied(open, f"/proc/{os.getppid()}/status") and denied(open, "/proc/1/cmdline")
""",
    )


@needs_landlock
def test_truncating_needs_leave_from_the_third_abi_on(world: Path) -> None:
    target = world / "shown" / "file"
    attempt = 'assert denied(os.truncate, top + "/shown/file", 0)\n'
    if landlock.abi() >= landlock.ABI_TRUNCATE:
        holds(RULES.format(top=str(world), version=None) + attempt)
        assert target.read_text() == "shown"
    assert script(RULES.format(top=str(world), version=2) + attempt).returncode == 1
    assert target.read_text() == ""


@pytest.mark.skipif(landlock.abi() < landlock.ABI_PORTS, reason="this Landlock has no ports")
def test_ports_are_closed() -> None:
    holds(
        """\
landlock.Rules().restrict()
with socket.socket() as s:
    assert denied(s.bind, ("127.0.0.1", 0)) and denied(s.connect, ("127.0.0.1", 9))
"""
    )


@needs_scopes
def test_nobody_outside_can_be_signalled_or_spoken_to(world: Path) -> None:
    holds(
        """\
heard = socket.socket(socket.AF_UNIX)
heard.bind("\\0kodgen-test-%d" % os.getpid())
heard.listen()
child = os.fork()
if child == 0:
    landlock.Rules().restrict()
    own = os.fork()
    if own == 0:
        time.sleep(60)
    os.kill(own, 9)
    with socket.socket(socket.AF_UNIX) as s:
        spoke = denied(s.connect, heard.getsockname())
    os._exit(0 if denied(os.kill, os.getppid(), 0) and spoke else 1)
assert os.waitpid(child, 0)[1] == 0
"""
    )


@needs_scopes
def test_enclosed_signals_end_exactly_what_was_started() -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        holds(
            """\
kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
assert landlock.enclose_signals()
assert denied(os.kill, os.getppid(), 0)
import tempfile
with tempfile.TemporaryDirectory() as folder:
    os.mkdir(folder + "/a")
    open(folder + "/a/b", "w").close()
    os.rename(folder + "/a/b", folder + "/b")
reader, writer = os.pipe()
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            landlock.enclose_signals()
            os.write(writer, b"x")
            time.sleep(60)
        os._exit(0)
os.close(writer)
while len(os.read(reader, 1)) == 0:
    pass
time.sleep(0.2)
os.kill(-1, signal.SIGKILL)
ended = 0
try:
    while True:
        os.wait()
        ended += 1
except ChildProcessError:
    pass
assert ended == 10, ended
""",
        )
        time.sleep(0.05)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_an_old_kernel_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    assert landlock.enclose_signals() is False


@needs_landlock
def test_nothing_stays_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    rules = landlock.Rules()
    rules.allow_all(["/usr", "/absent", "/dev/null"], landlock.READ)
    rules.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
