"""An audit's report made by its real parts: rows through layers, policy, tally and choice."""

from functools import cache

from kodgen.config import ContaminationPolicy
from kodgen.contamination.assembly import make_layers
from kodgen.contamination.auditing import Examiner
from kodgen.contamination.planted.selftest import planted_rows, self_test
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.shown_pairs import PairChoice
from kodgen.contamination.summary import (
    AuditReport,
    BenchmarkAbout,
    LayerRun,
    Provenance,
    Unread,
)
from kodgen.contamination.tally import Tally
from kodgen.contamination.task import BenchmarkTask
from kodgen.similarity.embedding import open_embedder

LAYERS = ("exact", "ngram", "structure", "literals", "embedding")

STATEMENT = (
    "Given a list of readings taken by a buoy every hour, return the hour at which the water "
    "stood highest for the first time, or minus one where no reading was taken at all."
)
SOLUTION = """def highest_hour(readings):
    best = -1
    for hour, reading in enumerate(readings):
        if best < 0 or reading > readings[best]:
            best = hour
    return best
"""
TESTS = """def test_highest_hour():
    assert highest_hour([14, 92, 37, 92, 61]) == 1
    assert highest_hour([205, 113, 98, 417]) == 3
    assert highest_hour([]) == -1
"""
OTHERS = (
    "Join the names of harbours into one line, with commas between, sorted by their latitude.",
    "Count the knots that a ship gains while it goes before the wind in the trade zone.",
    "Say whether a cargo of crates fits into a hold when none of them may be turned.",
)
HOSTILE = (
    "</script><script>window.hit = 1</script>",
    '"><img src="http://elsewhere.invalid/a.png" onerror="window.hit = 2">',
    "</pre></details></body><style>body { display: none }</style>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnihtyna\u2066 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U0001f469\u200d\U0001f4bb \x00\x07\x1b[31m $x^2$ & &amp;",
    "x" * 100_000,
)


def tasks():
    """Those of two benchmarks."""
    views = {"prompt": STATEMENT, "prose": STATEMENT}
    found = [
        BenchmarkTask(
            benchmark="buoys",
            task_id="buoys/0",
            views=views,
            entry_point="highest_hour",
            solution=SOLUTION,
            tests=TESTS,
        )
    ]
    found += [
        BenchmarkTask(benchmark="ships", task_id=f"ships/{number}", views={"prompt": text})
        for number, text in enumerate(OTHERS)
    ]
    return found


def rows(hostile=HOSTILE):
    """Leaks, hostile ones among them, and rows that leak nothing."""
    found = [
        AuditedRow("leak", STATEMENT, SOLUTION, TESTS, "tides"),
        AuditedRow("near", "Please: " + OTHERS[0] + " Thank you very much.", None, None, "tides"),
    ]
    found += [
        AuditedRow(f"{text[:60]}-{number}", f"{text}\n{STATEMENT}\n{text}", None, None, text[:60])
        for number, text in enumerate(hostile)
    ]
    found += [
        AuditedRow(
            f"own-{number}", f"Add {number} to every one of the numbers.", None, None, "sums"
        )
        for number in range(60)
    ]
    return found


def audited(audited_rows=None, embedder="hashing", tested=True):
    """The report of an audit, and its pairs."""
    return _audited(tuple(rows() if audited_rows is None else audited_rows), embedder, tested)


@cache
def _audited(audited_rows, embedder, tested):
    known = tasks()
    maker = open_embedder(embedder) if embedder else None
    layers, policy = make_layers(LAYERS, known, maker, ContaminationPolicy())
    examiner = Examiner(layers, policy)
    sizes = {"buoys": 1, "ships": len(OTHERS)}
    tally, choice = Tally(sizes, policy), PairChoice(known, policy, 0)
    for found in examiner.examine(audited_rows):
        tally.add(found)
        choice.add(found)
    planted = planted_rows(known, 0)
    results = self_test(planted, examiner.examine([one.row for one in planted]))
    report = AuditReport(
        provenance=_provenance(policy, layers, maker),
        totals=tally.totals(),
        subsets=tally.subsets(),
        layers=(*(_run(layer.name, tally, examiner) for layer in layers), _idle("judge")),
        matrix=tally.matrix(),
        coverage=tally.coverage(),
        histograms=tally.histograms(),
        sweep=tally.sweep(),
        truncated_percent=tally.truncated_percent(),
        unread=(Unread(reason="no_question", rows=1, whole=True, examples=("line 9: empty",)),),
        self_test=results if tested else (),
        measured={"started": "2020-01-01T00:00:00+00:00", "rows_per_second": 12.5},
    )
    return report, choice.pairs()


def _provenance(policy, layers, maker):
    about = [
        BenchmarkAbout(
            name=name,
            source=f"{name}.jsonl",
            identity={"sha256": "ab" * 32},
            tasks=size,
            views={"prompt": size},
            solutions=1,
            tests=1,
        )
        for name, size in (("buoys", 1), ("ships", len(OTHERS)))
    ]
    return Provenance(
        kodgen="0",
        dataset="sea.jsonl",
        dataset_identity={"sha256": "cd" * 32},
        columns={"question": "question"},
        shape="columns",
        benchmarks=tuple(about),
        embedder={"name": maker.name, "revision": maker.revision} if maker else {},
        policy=policy.model_dump(mode="json"),
        layers=tuple(layer.name for layer in layers),
        seed=0,
        versions={"python": "3"},
    )


def _run(name, tally, examiner):
    seen = examiner.looked_at(name)
    unseen = dict(examiner.unseen[name])
    return LayerRun(
        layer=name,
        ran=True,
        why_not="",
        looked_at=seen,
        unseen=unseen,
        **tally.by_layer(name),
    )


def _idle(name):
    return LayerRun(
        layer=name,
        ran=False,
        why_not=f"ask for it with --layers {name}",
        looked_at=0,
        unseen={},
        contaminated=0,
        review=0,
        alone=0,
    )
