"""Interrupts of real processes: the first lets work end, the second does not."""

import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import asyncio, sys, time
from kodgen.engine.interrupts import run_interruptibly
from kodgen.errors import Interrupted

async def work(stop):
    print("ready", flush=True)
    try:
        for _ in range({rounds}):
            {pause}
            if stop.reason is not None and {drains}:
                print("drained", flush=True)
                raise stop.reason
        await asyncio.sleep(60)
    finally:
        print("cleaned up", flush=True)

try:
    run_interruptibly(work)
except Interrupted as error:
    print(error, flush=True)
    sys.exit(error.exit_code)
"""


def started(drains, pause="await asyncio.sleep(0.02)", rounds=500):
    program = PROGRAM.format(drains=drains, pause=pause, rounds=rounds)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_lets_what_is_under_way_end(number):
    process = started(drains=True)
    process.send_signal(number)
    said, warned = process.communicate(timeout=10)
    assert process.returncode == 130
    assert said.splitlines()[:2] == ["drained", "cleaned up"]
    assert "run the same command to go on" in said
    assert "interrupt again" in warned


def test_the_second_stops_at_once():
    process = started(drains=False)
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline() == "\n"
    assert "interrupt again" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    said, warned = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "drained" not in said
    assert "cleaned up" in said
    assert not warned


def test_the_third_breaks_into_what_blocks_the_loop():
    process = started(drains=False, pause="time.sleep(60)", rounds=1)
    process.send_signal(signal.SIGINT)
    for _ in range(2):
        process.stderr.readline()
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)  # the same signal twice at one moment is one signal
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == -signal.SIGINT
