import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from kodgen import config
from kodgen.sandbox import isolation, probe_isolation, probing, users
from kodgen.sandbox.harness import landlock
from tests.processes import named

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
SECRET = "kodgen-canary-3141592653"

needs_landlock = pytest.mark.skipif(landlock.abi() < 1, reason="no Landlock in this kernel")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes its user, as root only")

CONDITIONS = ["contained", pytest.param("ordinary", marks=pytest.mark.thorough)]

PREAMBLE = """\
import asyncio, json, os, shutil, tempfile
from pathlib import Path
from kodgen import config
from kodgen.errors import IsolationError
from kodgen.sandbox import Sandbox, forkserver

def speak_older_landlock(version):
    # A copy of the harness that takes the kernel for an older one.
    harness = Path(tempfile.mkdtemp()) / "harness"
    shutil.copytree(forkserver._HARNESS.parent, harness)
    with (harness / "landlock.py").open("a") as file:
        file.write(f"\\n\\ndef abi() -> int:\\n    return {version}\\n")
    forkserver._HARNESS = harness / "__main__.py"
    return harness.parent

async def main():
    limits = config.Sandbox(**json.loads(os.environ["LIMITS"]))
    async with Sandbox(limits) as sandbox:
        return await asyncio.gather(*(sandbox.run(*pair) for pair in PAIRS))
"""
RUN = """\
copied = speak_older_landlock(os.environ["LANDLOCK"]) if os.environ["LANDLOCK"] else None
try:
    verdicts = asyncio.run(main())
    print(json.dumps([[v.outcome, v.reason, v.isolation] for v in verdicts]))
except IsolationError as error:
    print(json.dumps(str(error)))
finally:
    if copied is not None:
        shutil.rmtree(copied)
"""

ADD = "def add(a, b):\n    return a + b\n"
TEST = "from solution import add\ndef test_add():\n    assert add(1, 2) == 3\n"
NOTHING = "import solution\ndef test_it():\n    assert solution.DONE\n"
PAIRS = [
    (ADD, TEST),
    (ADD.replace("+", "-"), TEST),
    ("import socket\nsocket.create_connection(('127.0.0.1', 9))\n", TEST),
    ("import os\nos.execv('/bin/true', ['true'])\n", TEST),
    ("while True:\n    pass\n", TEST),
    ("import time\ntime.sleep(1000)\n", TEST),
    ("import os\nos._exit(0)\n", TEST),
    ("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\n" + ADD, TEST),
    ("def add(a, b):\n    return 'x' * 2**33\n", TEST),
]
EXPECTED = [
    ["passed", ""],
    ["failed", "assertion"],
    ["error", "collection_error"],
    ["error", "collection_error"],
    ["timeout", "cpu"],
    ["timeout", "wall"],
    ["tampered", "ended_early"],
    ["passed", ""],
    ["failed", "exception"],
]
QUICK = {"workers": 2, "cpu_seconds": 1, "wall_seconds": 6, "control": False, "stubs": False}


def run_under(
    open_path: Path,
    *conditions: str,
    pairs: list[tuple[str, str]] = PAIRS,
    older_landlock: str = "",
    **limits: Any,
) -> Any:
    """Run pairs as `under.py` says; outcomes, reasons and levels, or what was complained of."""
    script = open_path / "script.py"
    script.write_text(f"{PREAMBLE}PAIRS = {pairs!r}\n{RUN}")
    done = subprocess.run(
        [sys.executable, str(HERE / "under.py"), str(script), *conditions],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "LIMITS": json.dumps({**QUICK, **limits}),
            "LANDLOCK": older_landlock,
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def abandoned() -> list[Path]:
    """Folders of fork servers at level container that no living one has locked."""
    found = []
    for path in (path for top in ("/tmp", "/dev/shm") for path in Path(top).glob("kodgen-box-*")):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found.append(path)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)
    return found


def test_this_machine_holds_every_probe() -> None:
    probes = probe_isolation(config.Sandbox(isolation="namespaces"))
    assert {probe.name for probe in probes} == {
        "level namespaces",
        *probing.PROBES,
        "cgroup limits",
    }
    assert [probe for probe in probes[:-1] if not probe.held] == []
    assert not any(probe.advice for probe in probes[:-1])
    assert not any(probe.fatal for probe in probes)


@needs_root
def test_an_ordinary_user_is_isolated_alike(open_path: Path) -> None:
    verdicts = run_under(open_path, "ordinary")
    assert verdicts == [[*expected, "namespaces"] for expected in EXPECTED]


@needs_root
@needs_landlock
@pytest.mark.parametrize(
    ("conditions", "limits"),
    [
        (("contained",), {}),
        pytest.param(("ordinary", "limited"), {}, marks=pytest.mark.thorough),
        pytest.param(("ordinary",), {"isolation": "container"}, marks=pytest.mark.thorough),
    ],
    ids=["root of a container", "ordinary without namespaces", "ordinary"],
)
def test_in_a_container_verdicts_are_the_same_and_nothing_stays(
    open_path: Path, conditions: tuple[str, ...], limits: dict[str, Any]
) -> None:
    before = set(abandoned())
    verdicts = run_under(open_path, *conditions, **limits)
    assert verdicts == [[*expected, "container"] for expected in EXPECTED]
    assert set(abandoned()) <= before


PROGRAMS = """\
import os, subprocess, sys
open("x.py", "w").write("import pytest; print(6 * 7)")
def said(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)
assert said(sys.executable, "x.py").stdout == "42\\n"
assert said("sh", "-c", "cat /etc/shadow").returncode != 0
said("sh", "-c", "kill -9 1")
connect = "import socket; socket.create_connection(('127.0.0.1', 9))"
assert "PermissionError" in said(sys.executable, "-c", connect).stderr
DONE = 1
"""


@needs_root
@needs_landlock
@pytest.mark.parametrize(
    ("condition", "level"),
    [
        ("contained", "container"),
        pytest.param("ordinary", "container", marks=pytest.mark.thorough),
        ("ordinary", "namespaces"),
    ],
)
def test_programs_that_are_allowed_are_as_confined(
    open_path: Path, condition: str, level: str
) -> None:
    pairs = [(PROGRAMS, NOTHING)]
    found = run_under(
        open_path, condition, pairs=pairs, isolation=level, allow_exec=True, cpu_seconds=10
    )
    assert found == [["passed", "", level]]


@pytest.mark.thorough
@needs_root
@needs_landlock
@pytest.mark.parametrize("condition", ["contained", "ordinary"])
@pytest.mark.parametrize("version", ["1", "5"])
def test_an_older_landlock_will_do(open_path: Path, condition: str, version: str) -> None:
    daemons = (
        "import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        if os.fork() == 0:\n            time.sleep(1000)\n        os._exit(0)\nDONE = 1\n"
    )
    pairs = [*PAIRS, (daemons, NOTHING)]
    found = run_under(
        open_path, condition, pairs=pairs, older_landlock=version, isolation="container"
    )
    assert found == [[*expected, "container"] for expected in (*EXPECTED, ["passed", ""])]


@needs_root
@pytest.mark.parametrize("condition", CONDITIONS)
def test_without_landlock_there_is_no_level_container(open_path: Path, condition: str) -> None:
    message = run_under(open_path, condition, older_landlock="0", isolation="container")
    assert isinstance(message, str)
    assert "this kernel has no Landlock" in message


@needs_root
def test_without_any_level_it_refuses_and_says_what_to_do(open_path: Path) -> None:
    # The root of a user namespace without other users has a limit of processes at no level.
    message = run_under(open_path, "limited")
    assert isinstance(message, str)
    for advice in (
        "apparmor_restrict_unprivileged_userns",
        "--cap-add",
        "Landlock",
        "accept_no_isolation",
    ):
        assert advice in message


@needs_root
def test_a_level_that_is_asked_for_is_given_or_refused(open_path: Path) -> None:
    message = run_under(open_path, "contained", isolation="namespaces")
    assert isinstance(message, str)
    assert "unshare" in message


@needs_root
def test_without_isolation_but_accepted_limits_hold(open_path: Path) -> None:
    before = set(Path("/tmp").glob("kodgen-trial-*"))
    verdicts = run_under(open_path, "limited", accept_no_isolation=True)
    assert verdicts == [[*expected, "rlimits"] for expected in EXPECTED]
    assert set(Path("/tmp").glob("kodgen-trial-*")) <= before


FILLING = {
    "many files": "for n in range(10**6):\n    open(str(n), 'x').close()\n",
    "large files": "for n in range(10**6):\n    open(str(n), 'wb').write(bytes(2**20))\n",
    "another folder": "import os\nfor n in range(10**6):\n"
    "    open(f'{os.environ[\"TMPDIR\"]}/{n}', 'wb').write(bytes(2**20))\n",
    "folders": "import os\nfor n in range(10**6):\n    os.makedirs(f'{n}/{n}')\n",
}
SMALL = "import time\nopen('x', 'wb').write(bytes(2**20))\ntime.sleep(0.3)\nDONE = 1\n"


@needs_root
@needs_landlock
@pytest.mark.parametrize("condition", CONDITIONS)
def test_in_a_container_who_fills_the_folder_is_stopped(open_path: Path, condition: str) -> None:
    pairs = [(code, NOTHING) for code in (*FILLING.values(), SMALL)]
    found = run_under(
        open_path, condition, pairs=pairs, isolation="container", scratch_mb=4, cpu_seconds=5
    )
    assert found == [["limit", "disk", "container"]] * len(FILLING) + [["passed", "", "container"]]


def test_a_secret_in_our_environment_or_home_is_not_seen(
    bench: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_TOKEN", SECRET)
    planted = tmp_path / "secret"
    planted.write_text(SECRET)
    solution = f"""\
import glob, os
from pathlib import Path

def leaks():
    found = [name for name, value in os.environ.items() if value == {SECRET!r}]
    for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline") + [{str(planted)!r}]:
        try:
            if {SECRET.encode()!r} in Path(path).read_bytes():
                found.append(path)
        except OSError:
            pass
    for folder in ({str(Path.home())!r}, {str(REPOSITORY)!r}, "/home", "/var", "/run", "/tmp"):
        try:
            found += [folder + "/" + name for name in os.listdir(folder)]
        except OSError:
            pass
    return found
"""
    test = "from solution import leaks\ndef test_leaks():\n    raise ValueError(leaks())\n"
    verdict = bench.run(solution, test)
    said = verdict.observed.message
    assert "ValueError" in said
    allowed = {str(Path(folder).relative_to("/")) for folder in (sys.prefix, sys.base_prefix)}
    listed = said.partition("[")[2].rpartition("]")[0]
    for path in (part.strip(" '") for part in listed.split(",") if part.strip()):
        assert any(prefix.startswith(path.strip("/")) for prefix in allowed), path


DENIED = {
    "sockets": "import socket\nfor family in (1, 2, 10, 16, 17, 40):\n"
    "    for kind in (1, 2, 3):\n        try:\n"
    "            where = ('::1', 9) if family == 10 else ('127.0.0.1', 9)\n"
    "            socket.socket(family, kind).connect(where)\n"
    "        except PermissionError:\n            continue\n        raise SystemExit\n",
    "programs": "import os, subprocess\ntry:\n    subprocess.run(['true'])\n"
    "except PermissionError:\n    pass\n",
    "namespaces": "import ctypes\nlibc = ctypes.CDLL(None)\n"
    "assert libc.unshare(0x10000000) == -1\n",
    "mounts": "import ctypes\nassert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == -1\n",
    "devices": "import os\ntry:\n    found = os.listdir('/dev')\nexcept PermissionError:\n"
    "    found = []\nassert set(found) <= {'null', 'zero', 'full', 'random', "
    "'urandom', 'shm', 'fd', 'stdin', 'stdout', 'stderr'}\n",
    "more resources": "import resource\ntry:\n"
    "    resource.setrlimit(resource.RLIMIT_CPU, (100, 100))\nexcept (ValueError, OSError):\n"
    "    pass\nelse:\n    raise SystemExit\n",
    "other users": "import os\ntry:\n    os.setuid(0)\nexcept PermissionError:\n    pass\n"
    "else:\n    raise SystemExit\n",
    "signals to init": "import os\ntry:\n    os.kill(1, 9)\nexcept PermissionError:\n    pass\n",
    "a full disk": "try:\n    for n in range(10**6):\n"
    "        open(f'/dev/shm/{n}', 'wb').write(b'x' * 2**20)\nexcept OSError:\n    pass\n"
    "assert n < 70\n",
    "too many files": "try:\n    for n in range(10**6):\n        open(f'/tmp/{n}', 'x').close()\n"
    "except OSError:\n    pass\nassert n < 20_000\n",
    "too many processes": "import os, time\nn = 0\ntry:\n    while n < 200:\n"
    "        if os.fork() == 0:\n            time.sleep(100)\n        n += 1\n"
    "except BlockingIOError:\n    pass\nassert n < 70\n",
}


ONCE_MORE = {
    "other processes": "import os\nfor name in os.listdir('/proc'):\n"
    "    if name.isdigit() and int(name) != os.getpid():\n        try:\n"
    "            os.kill(int(name), 0)\n        except (PermissionError, ProcessLookupError):\n"
    "            continue\n        raise SystemExit\n",
    "others' secrets": "import glob, os\nfor path in glob.glob('/proc/[0-9]*/*') + ['/proc/1/environ']:\n"
    "    if path.split('/')[2] == str(os.getpid()):\n        continue\n"
    "    try:\n        open(path).read(1)\n    except (OSError, UnicodeDecodeError):\n"
    "        continue\n    raise SystemExit\n",
    "others' folders": "import os\nfor top in ('/', '/home', '/root', '/var', '/tmp', '/dev/shm', "
    "'/etc', '/run', '/sys', '/dev', '/opt'):\n    try:\n"
    "        os.listdir(top)\n    except (PermissionError, FileNotFoundError):\n"
    "        continue\n    raise SystemExit\n",
    "its own": "import os\nassert os.listdir('.') == []\nassert os.listdir('/proc/self/fd')\n"
    "os.makedirs('a/b')\nopen('a/b/c', 'w').write('x')\nos.rename('a/b/c', 'd')\n"
    "assert open('d').read() == 'x'\nassert 'Name' in open('/proc/self/status').read()\n",
}


@needs_root
@needs_landlock
@pytest.mark.parametrize("condition", CONDITIONS)
def test_denied_in_a_container_too(open_path: Path, condition: str) -> None:
    shared = {"too many processes"} if condition == "ordinary" else set()
    tried = {name: code for name, code in DENIED.items() if name not in shared} | ONCE_MORE
    pairs = [(code + "DONE = 1\n", NOTHING) for code in tried.values()]
    found = run_under(open_path, condition, pairs=pairs, isolation="container", cpu_seconds=5)
    assert dict(zip(tried, found, strict=True)) == {
        name: ["passed", "", "container"] for name in tried
    }


@pytest.mark.parametrize("what", DENIED)
def test_denied(bench: Any, what: str) -> None:
    verdict = bench.run(DENIED[what] + "DONE = 1\n", NOTHING)
    assert verdict.passed, verdict


def test_a_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    name = "kodgen-orphan"
    script = tmp_path / "supervisor.py"
    script.write_text(
        "import asyncio\nfrom kodgen import config\nfrom kodgen.sandbox import Sandbox\n"
        "SOLUTION = '''\nimport ctypes, time\n"
        f'ctypes.CDLL(None).prctl(15, b"{name}", 0, 0, 0)\ntime.sleep(600)\n'
        "'''\n"
        "async def main():\n"
        "    async with Sandbox(config.Sandbox(workers=1)) as sandbox:\n"
        "        await sandbox.run(SOLUTION, 'import solution\\n')\n"
        "asyncio.run(main())\n"
    )

    def wait_until(*, alive: bool) -> bool:
        deadline = time.monotonic() + 20
        while bool(named(name)) is not alive and time.monotonic() < deadline:
            time.sleep(0.05)
        return bool(named(name)) is alive

    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen([sys.executable, str(script)], env=environment)
    try:
        assert wait_until(alive=True)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert wait_until(alive=False)


def test_settings_follow_the_limits() -> None:
    limits = config.Sandbox(cpu_seconds=3, memory_mb=100, scratch_mb=7, coverage=False)
    settings = isolation.settings(limits, "namespaces", 1)
    assert settings["cpu_seconds"] == 3
    assert settings["wall_seconds"] == 18
    assert settings["memory_bytes"] == 100 * 2**20
    assert settings["scratch_bytes"] == 7 * 2**20
    assert settings["coverage"] is False


def test_slots_have_users_of_their_own() -> None:
    assert len({users.slot_uid(slot) for slot in range(1024)}) == 1024
