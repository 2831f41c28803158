"""Whoever is killed at level container, nothing of a run stays."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kodgen.sandbox.harness import landlock

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="changes its user, as root only"),
    pytest.mark.skipif(landlock.abi() < 1, reason="no Landlock in this kernel"),
]

SCRIPT = """\
import asyncio, contextlib, ctypes, json, os, signal, subprocess, sys, time
from pathlib import Path
from kodgen import config
from kodgen.sandbox import Sandbox

NAME = "kodgen-daemon"
SOLUTION = f'''
import ctypes, os, signal, time
for number in signal.valid_signals() - {{signal.SIGKILL, signal.SIGSTOP}}:
    with __import__("contextlib").suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"{NAME}", 0, 0, 0)
            time.sleep(600)
        os._exit(0)
time.sleep(600)
'''
TEST = "import solution\\n"
LIMITS = config.Sandbox(workers=1, isolation="container", wall_seconds=60, cpu_seconds=5)

def living():
    found = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if comm.read_text().strip() == NAME:
                found.append(int(comm.parent.name))
    return found

async def until(count):
    deadline = time.monotonic() + 30
    while len(living()) != count and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return len(living())

def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, task.read_text().split())
    return found

async def victim(which):
    async with Sandbox(LIMITS) as sandbox:
        run = asyncio.create_task(sandbox.run(SOLUTION, TEST))
        started = await until(4)
        keeper = next(p for p in children(os.getpid()) if children(p))
        (server,) = children(keeper)
        os.kill({"keeper": keeper, "server": server}[which], signal.SIGKILL)
        # Without its keeper a fork server works on, until the supervisor is done with it.
        left = await until(0) if which == "server" else 0
        again = await until(4)
        run.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await run
    return [started, left, again, await until(0)]

async def supervised():
    async with Sandbox(LIMITS) as sandbox:
        await sandbox.run(SOLUTION, TEST)

async def supervisor():
    process = subprocess.Popen([sys.executable, __file__, "supervised"])
    started = await until(4)
    process.kill()
    process.wait()
    return [started, await until(0)]

which = sys.argv[1]
if which == "supervised":
    asyncio.run(supervised())
else:
    print(json.dumps(asyncio.run(supervisor() if which == "supervisor" else victim(which))))
"""


def run_under(open_path: Path, condition: str, victim: str) -> Any:
    script = open_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(HERE / "under.py"), str(script), condition, "--", victim],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "condition", ["contained", pytest.param("ordinary", marks=pytest.mark.thorough)]
)
@pytest.mark.parametrize("victim", ["keeper", "server"])
def test_a_killed_fork_server_leaves_nothing_and_its_run_is_made_again(
    open_path: Path, condition: str, victim: str
) -> None:
    assert run_under(open_path, condition, victim) == [4, 0, 4, 0]


@pytest.mark.parametrize(
    "condition", ["contained", pytest.param("ordinary", marks=pytest.mark.thorough)]
)
def test_a_killed_supervisor_leaves_nothing(open_path: Path, condition: str) -> None:
    assert run_under(open_path, condition, "supervisor") == [4, 0]
