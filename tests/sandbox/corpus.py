"""Samples that a sandbox is held to: one folder each, with `expect.txt`, a solution and its tests.

`samples/README.md` tells how to add one. The folder `shared/hostile` beside the repository, where
there is one, holds more of them, in a format of its own that is read here too.
"""

import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kodgen.records import Verdict

OWN = Path(__file__).parent / "samples"
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "hostile"

KINDS = ("attack", "probe", "quality", "honest")
_SHARED_CLASSES = {"v": "attacks", "r": "resources and escapes", "q": "worthless", "h": "honest"}
_SHARED_WORDS = {"pass": "passed", "fail": "failed", "output_limit": "limit"}
_ALSO = {"r49_random_state_shared": {"vacuous"}, "q24_wall_clock_assert": {"vacuous"}}
"""Beyond what the shared folder says: their tests check nothing that the solution returns."""
ANY_FLAG = "any"
LONGEST_MESSAGE = 2000

WAITING = {"cpu_seconds": "1", "wall_seconds": "3", "workers": "8"}
"""Options of a sample that is meant to run into its limit of time without using a core."""
SPINNING = {"cpu_seconds": "1"}
"""Options of one that is meant to use up its CPU time, or may."""


@dataclass(frozen=True)
class Sample:
    """One pair, and what a sound sandbox says of it."""

    name: str
    kind: str
    group: str
    """Its class, a row of the table: the word that its name begins with."""
    solution: str
    test: str
    outcomes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Acceptable outcomes by condition; `""` where none of the others holds."""
    reasons: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    """That a pass must carry; `any` stands for at least one of whatever name."""
    levels: frozenset[str] = frozenset()
    """Where it is run; everywhere if empty."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Settings of the sandbox that it needs."""
    alive: bool = False
    """An attack whose tests do all pass: only a judge of passes stops it."""

    def allowed(self, conditions: Iterable[str]) -> frozenset[str]:
        """The acceptable outcomes; empty: any but a pass."""
        for condition in conditions:
            if condition in self.outcomes:
                return self.outcomes[condition]
        return self.outcomes.get("", frozenset())

    def complaint(self, verdict: Verdict, conditions: Iterable[str]) -> str:
        """What is wrong with a verdict, in words; empty if nothing is."""
        said = f"{verdict.outcome}/{verdict.reason}"
        allowed = self.allowed(conditions)
        if "strict" in conditions and self.kind in {"probe", "quality"}:
            # What depends on the process that it runs in, or on time, differs in a split run.
            allowed |= {"tampered"}
        if allowed and verdict.outcome not in allowed:
            return f"{said}, not {' or '.join(sorted(allowed))}{_details(verdict)}"
        if not allowed and verdict.outcome in {"passed", "infra"}:
            return f"{said}{_details(verdict)}"
        if self.reasons and verdict.outcome != "passed" and verdict.reason not in self.reasons:
            return f"{said}, whose reason is not {' or '.join(sorted(self.reasons))}"
        if verdict.passed and not self._flagged(verdict.flags):
            return f"{said} without {', '.join(sorted(self.flags - set(verdict.flags)))}"
        if verdict.observed is not None and len(verdict.observed.message) > LONGEST_MESSAGE:
            return f"a message of {len(verdict.observed.message)} characters"
        return ""

    def _flagged(self, flags: Iterable[str]) -> bool:
        found = set(flags)
        return bool(found) if ANY_FLAG in self.flags else self.flags <= found


def _details(verdict: Verdict) -> str:
    message = verdict.observed.message if verdict.observed is not None else ""
    flags = f" flags {','.join(verdict.flags)}" if verdict.flags else ""
    return f"{flags} ({message[:160]})" if message else flags


def read_all() -> list[Sample]:
    """Every sample that can run here, by name; those of the shared folder last."""
    own = [_read_own(path) for path in sorted(OWN.iterdir()) if path.is_dir()]
    shared = [_read_shared(path.parent) for path in sorted(SHARED.glob("*/expect.txt"))]
    return [sample for sample in (*own, *shared) if sample is not None]


def _sources(folder: Path) -> tuple[str, str]:
    solution, test = (
        (folder / name).read_text(encoding="utf-8") for name in ("solution.py", "test_solution.py")
    )
    return solution, test


def fields_of(path: Path) -> dict[str, str]:
    """The lines `key: value` of an `expect.txt`; a key that comes again adds to its value."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"{path}: {line!r} is no `key: value`")
        found[key.strip()] = (
            f"{found[key.strip()]} {value.strip()}" if key in found else value.strip()
        )
    return found


_KEYS = {
    "kind",
    "outcomes",
    "reasons",
    "flags",
    "at",
    "options",
    "alive",
    "needs",
    "must_not",
    "note",
}


def _read_own(folder: Path) -> Sample | None:
    given = fields_of(folder / "expect.txt")
    unknown = {key.partition("@")[0] for key in given} - _KEYS
    if unknown or given.get("kind") not in KINDS:
        raise ValueError(f"{folder}/expect.txt: unknown {unknown or 'kind'}; see samples/README.md")
    if any(importlib.util.find_spec(module) is None for module in _words(given, "needs")):
        return None
    kind = given["kind"]
    outcomes = {
        key.partition("@")[2]: frozenset(value.split())
        for key, value in given.items()
        if key.partition("@")[0] == "outcomes"
    }
    if kind in {"probe", "honest"}:
        outcomes.setdefault("", frozenset({"passed"}))
    solution, test = _sources(folder)
    return Sample(
        name=folder.name,
        kind=kind,
        group=folder.name.partition("_")[0],
        solution=solution,
        test=test,
        outcomes=outcomes,
        reasons=frozenset(_words(given, "reasons")),
        flags=frozenset(_words(given, "flags")),
        levels=frozenset(_words(given, "at")),
        options=_options(given, kind, outcomes.get("", frozenset())),
        alive=given.get("alive") == "yes",
    )


def _words(given: Mapping[str, str], key: str) -> list[str]:
    return given.get(key, "").split()


def _options(given: Mapping[str, str], kind: str, outcomes: frozenset[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    if outcomes == {"timeout"}:
        options.update(WAITING if given.get("reasons") == "wall" else SPINNING)
    if kind == "quality":
        options["reruns"] = "2"
    for word in _words(given, "options"):
        name, _, value = word.partition("=")
        options[name] = value
    return options


def _read_shared(folder: Path) -> Sample:
    """A sample of the shared folder: `verdict` is a list of words with remarks in brackets."""
    given = fields_of(folder / "expect.txt")
    verdict = given["verdict"]
    words = [part.split()[0] for part in re.sub(r"\(.*?\)", "", verdict).split(",")]
    outcomes = {_SHARED_WORDS.get(word, word) for word in words} | _ALSO.get(folder.name, set())
    if given["kind"] == "attack" and "verdict_never" in given and outcomes != {"timeout"}:
        # Which of the bad outcomes it is depends on what stops it first.
        outcomes = set()
    if "flaky" in outcomes:
        # What passes only sometimes may fail at first: then it is run no more.
        outcomes |= {"failed"}
    solution, test = _sources(folder)
    return Sample(
        name=folder.name,
        kind=given["kind"],
        group=_SHARED_CLASSES[folder.name[0]],
        solution=solution,
        test=test,
        outcomes={"": frozenset(outcomes)} if outcomes else {},
        reasons=frozenset(re.findall(r"reason (\w+)", verdict)),
        flags=frozenset(word or ANY_FLAG for word in re.findall(r"flagged *(\w*)", verdict)),
        options=_options({"reasons": "wall"}, given["kind"], frozenset(outcomes)),
    )
