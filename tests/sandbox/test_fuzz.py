"""Nonsense in place of messages and of sources; KODGEN_FUZZ=full for the full numbers."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kodgen import config
from kodgen.records import Verdict
from kodgen.sandbox import testfile
from kodgen.sandbox.messages import MalformedMessage, decode
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending, decide
from tests.sandbox import fuzzing
from tests.sandbox.conftest import Bench

FULL = os.environ.get("KODGEN_FUZZ") == "full"
MESSAGES = 20_000
STORIES = 40_000 if FULL else 6_000
PAIRS = 5_000 if FULL else 120
TALKERS = 400 if FULL else 24
NONCE = "0123456789abcdef" * 2
TRIAL = 77
BATCH = 60

LIMITS = config.Sandbox(workers=2, cpu_seconds=2, wall_seconds=20, memory_mb=512)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Bench]:
    bench = Bench(LIMITS)
    yield bench
    bench.close()


def test_a_message_is_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(20)
    refused = 0
    for _ in range(MESSAGES):
        try:
            decode(fuzzing.message(chance, NONCE.encode()), NONCE)
        except MalformedMessage:
            refused += 1
    assert MESSAGES * 0.6 < refused < MESSAGES


def test_no_story_makes_a_failing_run_pass() -> None:
    chance = random.Random(21)
    expected = testfile.read(fuzzing.CHECKING)
    outcomes = set()
    for _ in range(STORIES):
        transcript = Transcript(NONCE)
        for datagram in fuzzing.story(chance, NONCE.encode()):
            transcript.hear(datagram, chance.choice([TRIAL, TRIAL, TRIAL, TRIAL + 1]))
        stopped = "complaint" if transcript.complaint is not None else ""
        verdict = decide(
            transcript, Ending(0.1, 0.1, 1, stopped=stopped), expected, 10, "namespaces"
        )
        outcomes.add(verdict.outcome)
    assert outcomes >= {"failed", "tampered"}
    assert not outcomes & {"passed", "infra"}


TALKER = """\
import gc, os, random, sys, types
{fuzzing}

def nonce():
    waiting, seen = [sys._getframe()], set()
    for thing in waiting:
        if id(thing) in seen or len(seen) > 400_000:
            continue
        seen.add(id(thing))
        if type(thing).__name__ == "Channel":
            return thing._nonce
        waiting += gc.get_referents(thing)
        if isinstance(thing, types.FrameType):
            waiting += [thing.f_back, *thing.f_locals.values()]
    return b"0" * 32


def area(width, height):
    chance = random.Random({seed})
    known = nonce()
    if chance.random() < 0.3 and os.fork() == 0:
        known = os.urandom(16).hex().encode()
    for _ in range(100):
        for descriptor in range(3, 24):
            try:
                os.write(descriptor, message(chance, known))
            except OSError:
                continue
    if chance.random() < 0.5:
        os._exit(0)
    return -1
"""


def test_a_trial_that_writes_anything_to_every_descriptor(fuzzed: Bench) -> None:
    source = Path(fuzzing.__file__).read_text().partition("BOMBS")[0]
    pairs = [
        (TALKER.replace("{fuzzing}", source).replace("{seed}", str(seed)), fuzzing.CHECKING)
        for seed in range(TALKERS)
    ]
    verdicts = fuzzed.run_all(pairs)
    outcomes = [verdict.outcome for verdict in verdicts]
    assert not {"passed", "infra"} & set(outcomes), outcomes
    assert outcomes.count("tampered") > TALKERS / 3


def judged(verdict: Verdict) -> Any:
    said = verdict.observed.message[:200] if verdict.observed is not None else ""
    return verdict.outcome, verdict.reason, said


def test_sources_that_are_none(fuzzed: Bench) -> None:
    chance = random.Random(22)
    pairs = list(fuzzing.pairs(chance, PAIRS))
    for start in range(0, PAIRS, BATCH):
        batch = pairs[start : start + BATCH]
        for pair, verdict in zip(batch, fuzzed.run_all(batch), strict=True):
            assert verdict.outcome not in {"passed", "infra"}, (pair, judged(verdict))


@pytest.mark.parametrize("size", [300, pytest.param(8_000, marks=pytest.mark.thorough)])
def test_sources_that_are_too_much(fuzzed: Bench, size: int) -> None:
    names = list(fuzzing.BOMBS)
    sources = [fuzzing.BOMBS[name](size) for name in names]
    pairs = [(fuzzing.WRONG + source, fuzzing.CHECKING) for source in sources]
    pairs += [(fuzzing.WRONG, fuzzing.CHECKING + source) for source in sources]
    pairs += [(source, source) for source in sources]
    for name, verdict in zip(names * 3, fuzzed.run_all(pairs), strict=True):
        assert verdict.outcome not in {"passed", "infra"}, (name, judged(verdict))


def test_an_honest_pair_passes_afterwards(fuzzed: Bench) -> None:
    right = "def area(width, height):\n    return width * height\n"
    assert fuzzed.run(right, fuzzing.CHECKING).passed
