"""Measures what a model's cosines say of a leak, and writes that into calibrations.json.

    python tests/perf/calibrate.py --shared ../shared --model hashing --write

Tries weights on our own paraphrases of HumanEval and MBPP, MBPP's rewordings and a translation of
HumanEval, and takes those that find most of them where 2 % of all clean rows, and 3 % of none of
their sets, are found as well: there a row scores 0.5. How far clean requests of our own may raise
that for another benchmark is then settled on MBPP, where 5 % of no clean set may be found. Paraphrases
and translations that had no part in this are counted, clean rows and leaks also with other benchmarks,
and the whole curve is printed, for one cosine beside it. From which score on solutions are run, which
`trying.py` measures, stays as it is.
"""

import argparse
import gzip
import itertools
import json
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.meaning import calibration
from kodgen.contamination.meaning.calibration import Calibration, calibration_of
from kodgen.contamination.meaning.meaning import Meaning, Signals
from kodgen.similarity.embedding import Embedder, open_embedder

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.contamination.paraphrases import HUMANEVAL, MBPP, Paraphrase, dressed

OUT = Path(calibration.__file__).with_name("calibrations.json")
FALSE_ALARMS, FALSE_ALARMS_OF_A_SET = 0.02, 0.03
FALSE_ALARMS_ELSEWHERE = 0.05
"""Of a clean set with MBPP, some of which truly ask for what a task asks for."""
EXERCISES = (0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05)
"""Shares of common exercises above a benchmark's limit that are tried, the largest first."""
ELSEWHERE = {
    "bigcodebench": "bigcodebench/BigCodeBench.jsonl.gz",
    "livecodebench": "livecodebench/lcb_release_v5_statements.jsonl",
}
RATIOS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Weights tried, beside 1 for whole texts."""
STEEPNESS = 10.0
"""Logits for a cosine: 0.3 above the limit scores 0.95."""
ROUNDING = 0.0005
"""Keeps the row that sets the limit below it when numbers are rounded."""
CURVE = (0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1)

Floats = npt.NDArray[np.float64]


class Remembering:
    """An embedder with its vectors in a file, so that a second try costs nothing."""

    def __init__(self, inner: Embedder, path: Path | None) -> None:
        self.name, self._inner, self._path = inner.name, inner, path
        self._known: dict[str, Any] = {}
        if path is not None and path.exists():
            self._known = pickle.loads(path.read_bytes())

    @property
    def revision(self) -> str:
        return self._inner.revision

    def windows(self, text: str, most: int) -> tuple[list[str], bool]:
        return self._inner.windows(text, most)

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        new = sorted(set(texts) - set(self._known), key=len)
        for start in range(0, len(new), 512):
            part = new[start : start + 512]
            self._known.update(zip(part, self._inner.encode(part), strict=True))
        if new and self._path is not None:
            self._path.write_bytes(pickle.dumps(self._known))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


class Rows(NamedTuple):
    """Rows compared with a benchmark."""

    features: Floats
    """Signals `[n, m, 3]`: whole, gist, commonplace."""
    raw: Floats
    """Highest cosine of the texts as they stand, `[n]`."""
    signals: Signals
    true: npt.NDArray[np.int64]
    """Number of the task that each leaks; -1 for clean rows."""


def main() -> None:
    options = _options()
    shared = options.shared
    embedder = Remembering(open_embedder(options.model), options.cache)
    humaneval = Side(shared, "humaneval", "humaneval/HumanEval.jsonl.gz", embedder)
    mbpp = Side(shared, "mbpp", "mbpp/mbpp.jsonl", embedder)
    leaks = {
        "paraphrases of HumanEval": humaneval.compare(paraphrases(HUMANEVAL)),
        "paraphrases of MBPP": mbpp.compare(paraphrases(MBPP)),
        "MBPP as sanitized": mbpp.compare(sanitized(shared)),
        "MultiPL-E rs": humaneval.compare(_translated(shared, "rs")),
    }
    clean = {
        "CodeAlpaca": humaneval.compare([(text, None) for text in _alpaca(shared)]),
        "recorded": humaneval.compare([(text, None) for text in _recorded(shared)]),
    }
    held_out = {"rephrased HumanEval (held out)": humaneval.compare(rephrased(shared))}
    for language in options.languages:
        rows = _translated(shared, language)
        held_out[f"MultiPL-E {language} (held out)"] = humaneval.compare(rows)
    for names in ((0,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
        weights = _fit(leaks, clean, names)
        limit = _limit([_best(rows.features @ weights) for rows in clean.values()])
        print(
            "+".join(("whole", "gist", "commonplace")[name] for name in names),
            {k: _above(_best(v.features @ weights), limit) for k, v in (leaks | held_out).items()},
            {k: _above(_best(v.features @ weights), limit) for k, v in clean.items()},
        )
    _curve(leaks | held_out, clean, weights)
    found = Calibration(
        model=options.name or embedder.name,
        revision=embedder.revision,
        calibrated=True,
        whole=round(float(weights[0]), 3),
        gist=round(float(weights[1]), 3),
        commonplace=round(float(weights[2]), 3),
        offset=round(-limit - ROUNDING, 4),
        tried=calibration_of(embedder).tried,
    )
    texts = {"CodeAlpaca": _alpaca(shared), "recorded": _recorded(shared)}
    there = {name: mbpp.compare([(text, None) for text in rows]) for name, rows in texts.items()}
    for share in EXERCISES:
        found = mbpp.fitted(found.model_copy(update={"exercises": share}))
        flagged = {name: mbpp.flagged(found, rows) for name, rows in there.items()}
        if max(flagged.values()) <= FALSE_ALARMS_ELSEWHERE:
            break
    measured = {}
    for name, rows in (leaks | held_out | clean).items():
        side = mbpp if "MBPP" in name else humaneval
        measured[name] = side.flagged(side.fitted(found), rows)
    measured |= {f"{name} with mbpp": share for name, share in flagged.items()}
    for benchmark, path in ELSEWHERE.items() if options.elsewhere else ():
        side = Side(shared, benchmark, path, embedder)
        its_own = side.fitted(found)
        print(benchmark, its_own.raised)
        for name, rows in texts.items():
            compared = side.compare([(text, None) for text in rows])
            measured[f"{name} with {benchmark}"] = side.flagged(its_own, compared)
    found = found.model_copy(update={"measured": measured, "raised": {}})
    print(found.model_dump_json(indent=2))
    if options.write:
        _write(found)


class Side:
    """A benchmark that rows are compared with."""

    def __init__(self, shared: Path, name: str, path: str, embedder: Embedder) -> None:
        section = Benchmark(name=name, path=shared / "benchmarks" / path)
        tasks = load_benchmark(section, Path())
        self._places = {task.task_id.split("/")[-1]: place for place, task in enumerate(tasks)}
        self._meaning = Meaning(tasks, embedder)
        self._names = [name] * len(tasks)

    def fitted(self, found: Calibration) -> Calibration:
        """The calibration with this benchmark's own limit."""
        return found.fitted(self._meaning, self._names)

    def flagged(self, found: Calibration, rows: Rows) -> float:
        """Share of rows that reach this benchmark's limit."""
        return _above(_best(found.scores(rows.signals, self._names)), found.review)

    def compare(self, rows: Sequence[tuple[str, str | None]]) -> Rows:
        signals: Signals = self._meaning.compare([text for text, _ in rows]).signals
        common = np.broadcast_to(signals.commonplace[:, None], signals.whole.shape)
        return Rows(
            np.stack([signals.whole, signals.gist, common], axis=-1).astype(np.float64),
            _best(signals.whole.astype(np.float64)),
            signals,
            np.array([-1 if task is None else self._places[task] for _, task in rows]),
        )


def _fit(leaks: dict[str, Rows], clean: dict[str, Rows], names: Sequence[int]) -> Floats:
    """The weights of a grid that find most leaks at the limit that clean rows set.

    Whole texts weigh 1 (or the gist, without them), the gist and common exercises one of `RATIOS`.
    A grid, since what is asked of the weights is few false alarms, which likelihood is not.
    """
    tried = []
    for ratios in itertools.product(RATIOS, repeat=2):
        weights = np.array([1.0, ratios[0], -ratios[1]])
        if 0 not in names:
            weights[1] = 1.0
        weights[[name for name in range(3) if name not in names]] = 0.0
        limit = _limit([_best(rows.features @ weights) for rows in clean.values()])
        recall = [_above(_best(rows.features @ weights), limit) for rows in leaks.values()]
        tried.append((round(float(np.mean(recall)), 4), tuple(weights)))
    # Of equals the one with the highest weights.
    return STEEPNESS * np.array(max(tried)[1])


def _limit(clean: Sequence[Floats]) -> float:
    together = _quantile(np.concatenate(clean), FALSE_ALARMS)
    return max([together, *(_quantile(each, FALSE_ALARMS_OF_A_SET) for each in clean)])


def _quantile(values: Floats, share: float) -> float:
    """Just above the value that one more than `share` of the values reach."""
    return float(np.sort(values)[::-1][int(share * len(values))]) + 1e-6


def _best(scores: Floats) -> Floats:
    best: Floats = scores.max(axis=1)
    return best


def _above(values: Floats, limit: float) -> float:
    return round(float(np.mean(values >= limit)), 4)


def _curve(leaks: dict[str, Rows], clean: dict[str, Rows], weights: Floats) -> None:
    for what in ("one cosine", "combined"):

        def scored(rows: Rows, what: str = what) -> Floats:
            return rows.raw if what == "one cosine" else _best(rows.features @ weights)

        together = np.concatenate([scored(rows) for rows in clean.values()])
        for share in CURVE:
            limit = _quantile(together, share)
            found = {name: _above(scored(rows), limit) for name, rows in (leaks | clean).items()}
            print(f"{what} at {share:.1%} of clean rows (from {limit:.3f}): {found}")


def _write(found: Calibration) -> None:
    others = [one for one in json.loads(OUT.read_text()) if one["revision"] != found.revision]
    others.append(found.model_dump(mode="json", exclude={"raised"}))
    others.sort(key=lambda one: (one["model"], one["revision"]))
    OUT.write_text(json.dumps(others, indent=2) + "\n")


def paraphrases(pairs: Sequence[Paraphrase]) -> list[tuple[str, str | None]]:
    """Our own, each with the number of its task."""
    return [(dressed(place, one), str(one.task)) for place, one in enumerate(pairs)]


def _alpaca(shared: Path) -> list[str]:
    rows = json.loads((shared / "seeds" / "code_alpaca_2k.json").read_text())
    texts = [f"{row['instruction']}\n{row.get('input') or ''}".strip() for row in rows]
    return [text for text in texts if text]


def _recorded(shared: Path) -> list[str]:
    found = set()
    for kind in ("algorithm", "leetcode"):
        found |= {row["question"] for row in lines_of(shared / "recorded" / kind / "trials.jsonl")}
    return sorted(found)


def rephrased(shared: Path) -> list[tuple[str, str | None]]:
    """Somebody else's of HumanEval, each with the number of its task."""
    rows = lines_of(shared / "benchmarks" / "rephrased_humaneval" / "python_even.jsonl")
    return [(row["question"], row["true_benchmark_task"].split("/")[-1]) for row in rows]


def _translated(shared: Path, language: str) -> list[tuple[str, str | None]]:
    rows = lines_of(shared / "benchmarks" / "multipl_e" / f"humaneval-{language}.jsonl")
    return [(row["prompt"], row["name"].split("_")[1]) for row in rows]


def sanitized(shared: Path) -> list[tuple[str, str | None]]:
    """MBPP's statements where the sanitized edition says them in other words."""
    folder = shared / "benchmarks" / "mbpp"
    first = {row["task_id"]: row["text"] for row in lines_of(folder / "mbpp.jsonl")}
    rows = json.loads((folder / "sanitized-mbpp.json").read_text())
    return [
        (row["prompt"], str(row["task_id"]))
        for row in rows
        if row["prompt"].split() != first[row["task_id"]].split()
    ]


def lines_of(path: Path) -> list[dict[str, Any]]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with benchmarks, seeds")
    parser.add_argument("--model", required=True, help="name or folder of a model, or `hashing`")
    parser.add_argument("--name", help="name to store it under; the embedder's own if left out")
    parser.add_argument("--cache", type=Path, help="file to keep vectors in")
    parser.add_argument("--languages", nargs="*", default=["js", "cpp"], help="of MultiPL-E")
    parser.add_argument(
        "--elsewhere", action="store_true", help="count clean rows with further benchmarks"
    )
    parser.add_argument("--write", action="store_true", help="store what was measured")
    return parser.parse_args()


if __name__ == "__main__":
    main()
