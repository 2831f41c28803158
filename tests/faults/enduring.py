"""Builds that meet a fault, and what became of them."""

import json
import math
import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.building import sealed_digests, stored_requests
from tests.faults.kinds import Kind, Victim
from tests.faults.ray_nodes import RayNodes
from tests.faults.workload import answers, lay_out
from tests.processes import kill_all
from tests.replay_server import Faults, ReplayServer

LATENCY, SLOTS = 0.1, 4
PATIENCE = 240.0
"""Seconds for one command."""
MOST_STARTS = 4
LATER_SECONDS = 1.5
"""After the request at which a fault is due, at most: some are due after the last one."""
BETWEEN_SECONDS = (0.5, 2.0)
"""Between two strikes at one build."""
SETTLING_SECONDS = 0.5
"""After a kill, for what it had sent to arrive at the server."""


Moment = tuple[int, float]
"""So many requests received, and so many seconds later."""


@dataclass(frozen=True)
class Clean:
    """A build that met nothing."""

    digests: dict[str, str]
    requests: int
    seconds: float


@dataclass(frozen=True)
class Report:
    """A build that met a fault."""

    kind: str
    moment: str
    struck: bool
    ends: tuple[int, ...]
    """Exit codes of the commands it took, one after the other."""
    seconds: float
    stored_before: int
    """Answers in the store when a command was started again."""
    asked_again: int
    """How many of these were asked for again."""
    doubled: int
    """Journal lines too many: of completions, verdicts and rows."""
    same: bool
    """Whether the sealed rows are those of the clean build."""
    said: str
    """All that the commands printed."""

    @property
    def fine(self) -> bool:
        """Whether the fault cost nothing but time."""
        done = self.ends[-1:] == (0,) and "Traceback" not in self.said
        return done and self.same and self.asked_again == self.doubled == 0


def serving(faults: Faults | None = None) -> ReplayServer:
    """The server of the workload."""
    return ReplayServer(answers, latency_seconds=LATENCY, slots=SLOTS, faults=faults)


def clean(folder: Path, address: str | None) -> Clean:
    """Build without any fault."""
    with serving() as server:
        run = _Run(folder, server, address, Kind("clean"))
        report = _build(run, None, random.Random(0), None)
        assert report.ends == (0,), report.said
        return Clean(sealed_digests(run.path), server.counts.total(), report.seconds)


def endure(
    kind: Kind, folder: Path, reference: Clean, nodes: RayNodes, seed: int, share: float
) -> Report:
    """Build while something goes wrong at some moment; start again what can't go on.

    Args:
        kind: What goes wrong.
        folder: For this build alone.
        reference: The clean build.
        nodes: A Ray that may lose workers but no node.
        seed: Of what else is left to chance.
        share: When, of the requests that a clean build makes; up to `LATER_SECONDS` later.
    """
    chance = random.Random(seed)
    moment = (max(1, round(share * reference.requests)), chance.uniform(0, LATER_SECONDS))
    with serving(kind.faults) as server:
        if kind.own_ray:
            return _build(_Run(folder, server, None, kind), moment, chance, reference)
        if kind.nodes == 0:
            run = _Run(folder, server, nodes.address, kind, nodes)
            return _build(run, moment, chance, reference)
        with RayNodes(kind.nodes, cores=2) as own:
            return _build(_Run(folder, server, own.address, kind, own), moment, chance, reference)


class _Run:
    """One run directory and the commands that work on it."""

    def __init__(
        self,
        folder: Path,
        server: ReplayServer,
        address: str | None,
        kind: Kind,
        nodes: RayNodes | None = None,
    ) -> None:
        self.server = server
        self.nodes = nodes
        self.kind = kind
        self.path = folder / "runs" / "run"
        self.file = lay_out(folder, server.url, engine={"ray_address": address})
        self.output = folder / "output.txt"

    def start(self) -> "subprocess.Popen[str]":
        settings = [f"--set={key}={value}" for key, value in self.kind.settings.items()]
        with self.output.open("a") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "kodgen", "build", str(self.file), *settings],
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                env=os.environ | {"PYTHONFAULTHANDLER": "1"},
            )

    def stored(self) -> set[str]:
        store = self.path / "completions" / "completions.jsonl"
        return stored_requests(self.path) if store.exists() else set()


def _build(
    run: _Run, moment: Moment | None, chance: random.Random, reference: Clean | None
) -> Report:
    started = time.monotonic()
    process = run.start()
    struck = False
    if moment is not None:
        struck = _strike(run, process, moment, chance)
    ends = [_end(process)]
    stored_before, again = 0, set[str]()
    while ends[-1] != 0 and len(ends) < MOST_STARTS:
        time.sleep(SETTLING_SECONDS)
        stored, counts = run.stored(), Counter(run.server.counts)
        stored_before += len(stored)
        ends.append(_end(run.start()))
        again |= {name for name in stored if run.server.counts[name] > counts[name]}
    digests = sealed_digests(run.path)
    return Report(
        kind=run.kind.name,
        moment=f"request {moment[0]} and {moment[1]:.1f} s" if moment else "",
        struck=struck,
        ends=tuple(ends),
        seconds=round(time.monotonic() - started, 1),
        stored_before=stored_before,
        asked_again=len(again),
        doubled=_doubled(run.path),
        same=reference is None or digests == reference.digests,
        said=run.output.read_text(),
    )


def _strike(
    run: _Run, process: "subprocess.Popen[str]", moment: Moment, chance: random.Random
) -> bool:
    """Wait for the moment and strike; whether the build was still there to be struck."""
    victim = Victim(process, run.server, chance, run.nodes)
    request, later = moment
    struck, when = 0, math.inf
    while process.poll() is None and struck < run.kind.times:
        if when == math.inf and run.server.counts.total() >= request:
            when = time.monotonic() + later
        if time.monotonic() >= when and run.kind.strike(victim):
            struck += 1
            when = time.monotonic() + chance.uniform(*BETWEEN_SECONDS)
        time.sleep(0.02)
    return struck > 0


def _end(process: "subprocess.Popen[str]") -> int:
    """The exit code of a command; one that takes too long is killed with all it started."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        kill_all(process)
        return -1000


def _doubled(run: Path) -> int:
    """Lines of the journals that say again what another says."""
    doubled = 0
    for path in run.rglob("*.jsonl"):
        names: Counter[str] = Counter()
        for raw in path.read_bytes().splitlines():
            line = json.loads(raw)
            for field in ("custom_id", "verdict_of", "row"):
                if isinstance(line.get(field), str):
                    names[f"{field} {line[field]}"] += 1
                    break
        doubled += names.total() - len(names)
    return doubled
