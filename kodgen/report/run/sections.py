"""The sections of the page, made from what is known of the run."""

from collections import Counter
from collections.abc import Mapping
from math import inf
from textwrap import shorten

from kodgen.report.run import charts
from kodgen.report.run.chart_map import map_panel
from kodgen.report.run.flow import flow_panel
from kodgen.report.run.spread import Bars, Spread
from kodgen.report.run.stage_tables import stage_panels
from kodgen.report.run.values import DIFFICULTIES, Extreme, RunValues
from kodgen.report.run.view import (
    Cell,
    Panel,
    Section,
    Table,
    by_subset_table,
    largest,
    ranked,
)
from kodgen.report.telling import count, percent, rate, readable, score, share

EXCERPT = 140
"""Characters of a question in a table."""
MOST_REASONS = 16
"""Bars of a figure; the table has all."""
MEASURED = {
    "question": ("Questions", "words and signs"),
    "solution": ("Solutions", "words and signs"),
    "tests": ("Tests", "words and signs"),
    "test_count": ("Test functions of a row", "test functions"),
    "answer": ("Answers of the solving model", "tokens, as its server counted them"),
}
SIZES = (
    (1, "1 dropped"),
    (2, "2 dropped"),
    (5, "3 to 5 dropped"),
    (10, "6 to 10 dropped"),
    (30, "11 to 30 dropped"),
    (inf, "more than 30"),
)
"""Clusters by how many rows were dropped for one, at most, as a figure has them."""
OTHER = "other reasons"
DIFFICULTY_PARTS = (*DIFFICULTIES, "never passed", "missing dependency", OTHER)
QUALITY = {
    "coverage": ("Coverage", "% of statements that the tests run"),
    "strength": ("Mutation score", "share of small faults that the tests notice"),
    "consensus": ("Consensus", "score of the chosen solution among all attempts"),
}


def sections(run: RunValues) -> list[Section]:
    """All of them, in the order of the page; the list of samples is not one."""
    return [
        _flow(run),
        _passing(run),
        _lengths(run),
        _map(run),
        _leaks(run),
        *stage_panels(run),
        _attempts(run),
        _quality(run),
        _duplicates(run),
        _extremes(run),
        _later(run),
    ]


def _flow(run: RunValues) -> Section:
    panel = flow_panel(run.stages, run.subsets)
    return Section(
        "flow",
        "From written to verified",
        "How many questions of each subset come through.",
        [panel] if panel else [],
        "The run has not come as far as its second stage.",
    )


def _passing(run: RunValues) -> Section:
    panels = []
    sizes = {name: one.questions for name, one in run.attempts.items()}
    shown = largest(run.subsets, sizes)
    if shown:
        told = (
            "Chance that at least one of k attempts at a question passes its own tests. "
            "Questions get more attempts the less they pass, so pass@k is taken without bias over "
            "the attempts that every question gets, and over the first k beyond; a dotted line "
            "reaches to where it would be if all questions that were given up before k attempts "
            "had passed."
        )
        ks = sorted({k for one in run.attempts.values() for k in one.at})
        rows = [
            [
                name,
                count(one.questions),
                count(one.certain),
                *(_bracket(one.at[k].low, one.at[k].high) for k in ks),
                percent(share(one.passed, one.made)),
            ]
            for name in run.subsets
            if (one := run.attempts.get(name)) is not None
        ]
        heads = ["Subset", "questions", "attempts that all get", *(f"pass@{k}" for k in ks)]
        table = Table("pass@k by subset", [*heads, "attempts that passed"], rows)
        label = "pass@k by subset. " + "; ".join(", ".join(row) for row in rows)
        figure = charts.dots(
            "passing", label, {name: run.attempts[name].at for name in shown}, "% of questions"
        )
        panels.append(Panel(figure, told, [table]))
    if run.difficulty:
        panels.append(_difficulty(run))
    return Section(
        "passing",
        "pass@k and difficulty",
        "",
        panels,
        "No question was solved yet.",
    )


def _bracket(low: float, high: float) -> str:
    return rate(low) if high - low < 5e-5 else f"{rate(low)} to {rate(high)}"


def _difficulty(run: RunValues) -> Panel:
    parts: dict[str, Counter[str]] = {}
    for name, labels in run.difficulty.items():
        of_it = parts.setdefault(name, Counter())
        for key, number in labels.items():
            plain = key.replace("_", " ")
            of_it[plain if plain in DIFFICULTY_PARTS else OTHER] += number
    sizes = {name: one.total() for name, one in parts.items()}
    shown = largest(run.subsets, sizes)
    used = [part for part in DIFFICULTY_PARTS if any(one[part] for one in parts.values())]
    shares = {
        name: {part: 100 * parts[name][part] / sizes[name] for part in used} for name in shown
    }
    label = "Difficulty of questions by subset, in percent. " + "; ".join(
        f"{name}: " + ", ".join(f"{part} {value:.1f}" for part, value in one.items())
        for name, one in shares.items()
    )
    table = Table(
        "Difficulty by subset",
        ["Subset", "questions", *used],
        [
            [
                name,
                count(sizes[name]),
                *(
                    f"{count(parts[name][part])} ({percent(share(parts[name][part], sizes[name]))})"
                    for part in used
                ),
            ]
            for name in run.subsets
            if name in parts
        ],
    )
    told = (
        "By the share of a question's attempts that passed: easy from 2/3, medium from 1/3, hard "
        "below; then those that were not verified."
    )
    figure = charts.stacked("difficulty", label, shares, used, "% of questions")
    return Panel(figure, told, [table])


def _lengths(run: RunValues) -> Section:
    panels = []
    for what, (title, unit) in MEASURED.items():
        spreads = run.lengths.get(what) or {}
        shown = largest(run.subsets, {name: one.count for name, one in spreads.items()})
        if not shown:
            continue
        table = _spread_table(
            f"{title}: {unit}", {n: spreads[n] for n in run.subsets if n in spreads}
        )
        label = f"{title} by subset, {unit}: " + "; ".join(
            f"{name} half below {spreads[name].p50:,.0f}" for name in shown
        )
        boxed = {name: spreads[name] for name in shown}
        figure = charts.boxes(f"length-{what}", label, boxed, unit)
        told = (
            f"{title}, in {unit}. Boxes hold the middle half, whiskers reach to 5 and 95 %, the "
            "thick line is the median."
        )
        panels.append(Panel(figure, told, [table]))
    return Section(
        "lengths",
        "Lengths and numbers of tests",
        "Of verified rows, completion tasks left out; a word, a number or a sign counts as one, as "
        "models' tokenizers differ. Tokens are those that a server counted.",
        panels,
        "No row is verified yet.",
    )


def _spread_table(caption: str, spreads: Mapping[str, Spread]) -> Table:
    return Table(
        caption,
        ["Subset", "values", "mean", "5 %", "25 %", "median", "75 %", "95 %", "highest"],
        [
            [
                name,
                count(one.count),
                *(
                    f"{value:,.1f}"
                    for value in (one.mean, one.p5, one.p25, one.p50, one.p75, one.p95, one.max)
                ),
            ]
            for name, one in spreads.items()
        ],
    )


def _map(run: RunValues) -> Section:
    return Section(
        "map",
        "Map of the questions",
        "",
        [map_panel(run.map, run.subsets)] if run.map else [],
        "There are too few questions for a map.",
    )


def _leaks(run: RunValues) -> Section:
    leaks = run.leaks
    panels = []
    if leaks is not None:
        names = [name for name in run.subsets if leaks.compared.get(name)]
        names += sorted({subset for _, subset in leaks.cells} - set(names))
        cells = [[leaks.cells.get((one, name), 0) for one in leaks.benchmarks] for name in names]
        if names and leaks.benchmarks:
            table = Table(
                "Rows that leak a benchmark",
                ["Subset", "compared", *leaks.benchmarks],
                [
                    [name, count(leaks.compared.get(name, 0)), *map(count, row)]
                    for name, row in zip(names, cells, strict=True)
                ],
            )
            at = largest(names, {name: leaks.compared.get(name, 0) + 1 for name in names})
            shown = [row for name, row in zip(names, cells, strict=True) if name in at]
            label = "Rows that leak each benchmark, by subset. " + "; ".join(
                f"{name}: " + ", ".join(map(count, row))
                for name, row in zip(names, cells, strict=True)
            )
            figure = charts.matrix("leaks", label, at, leaks.benchmarks, shown)
            told = (
                "Rows that were rejected because they hold a benchmark's task; a row counts for "
                "every benchmark that it leaks."
            )
            panels.append(Panel(figure, told, [table]))
        if leaks.every is not None:
            panels += _similarity(run, leaks.every, leaks.similarity, leaks.embedder)
    return Section(
        "leaks",
        "Contamination",
        "",
        panels,
        "No row was compared with a benchmark: nothing is known of leaks, which is not to say that "
        "there are none.",
    )


def _similarity(
    run: RunValues, every: Bars, by_subset: Mapping[str, Bars], embedder: str
) -> list[Panel]:
    rows = [
        [
            name,
            count(one.spread.count),
            *(
                score(value)
                for value in (one.spread.mean, one.spread.p50, one.spread.p95, one.spread.max)
            ),
        ]
        for name, one in {"all": every, **by_subset}.items()
    ]
    table = Table(
        "Cosine to the nearest task",
        ["Subset", "questions", "mean", "median", "95 % below", "highest"],
        rows,
    )
    width = 1 / len(every.counts)
    bins = Table(
        "Questions in each bin",
        ["From", "all", *by_subset],
        [
            [
                f"{number * width:.2f}",
                count(every.counts[number]),
                *(count(one.counts[number]) for one in by_subset.values()),
            ]
            for number in range(len(every.counts))
        ],
    )
    unit = "cosine to the nearest task"
    label = (
        f"Histogram of the cosine of {count(every.spread.count)} questions to their nearest task: "
        f"half below {score(every.spread.p50)}, the highest {score(every.spread.max)}."
    )
    told = (
        f"How near each question comes to the task nearest to it, by the embedder “{embedder}”, "
        "rejected ones included."
    )
    panels = [
        Panel(charts.histogram("similarity", label, every, unit, "questions"), told, [table, bins])
    ]
    shown = largest(run.subsets, {name: one.spread.count for name, one in by_subset.items()})
    if len(shown) > 1:
        told = "The same for each subset, every histogram with its own scale."
        figure = charts.histograms(
            "similarities", told, {name: by_subset[name] for name in shown}, unit
        )
        panels.append(Panel(figure, told, [table]))
    return panels


def _attempts(run: RunValues) -> Section:
    panels = []
    made = sorted({*run.spent.verified, *run.spent.never})
    if made:
        parts = ("verified", "never passed")
        rows = {
            f"{number} attempts": {
                "verified": run.spent.verified.get(number, 0),
                "never passed": run.spent.never.get(number, 0),
            }
            for number in made
        }
        table = Table(
            "Questions by attempts",
            ["Attempts", *parts],
            [[name, *(count(one[part]) for part in parts)] for name, one in rows.items()],
        )
        label = "Questions by the attempts made at them. " + "; ".join(
            f"{name}: {one['verified']} verified, {one['never passed']} not"
            for name, one in rows.items()
        )
        figure = charts.stacked("spent", label, rows, parts, "questions")
        panels.append(Panel(figure, "Attempts that questions took.", [table]))
    every = Counter[str]()
    reasons: dict[str, Counter[str]] = {}
    for subset, outcomes in run.outcomes.items():
        for verdict, number in outcomes.items():
            reason = verdict.replace("_", " ")
            every[reason] += number
            reasons.setdefault(reason, Counter())[subset] += number
    if every:
        order = ranked(every)
        shown = {reason: {"attempts": every[reason]} for reason in order[:MOST_REASONS]}
        label = "Attempts by what running them said. " + ", ".join(
            f"{reason} {count(every[reason])}" for reason in order
        )
        table = by_subset_table(
            "Attempts by verdict", "Verdict", {one: reasons[one] for one in order}, run.subsets
        )
        figure = charts.stacked("verdicts", label, shown, ["attempts"], "attempts")
        panels.append(Panel(figure, "What running the attempts said.", [table]))
    return Section("attempts", "Attempts", "", panels, "No attempt was made yet.")


def _quality(run: RunValues) -> Section:
    panels = []
    for what, (title, unit) in QUALITY.items():
        one = run.quality.get(what)
        if one is None:
            continue
        width = (one.high - one.low) / len(one.counts)
        table = Table(
            title,
            ["From", "rows"],
            [
                [f"{one.low + number * width:g}", count(value)]
                for number, value in enumerate(one.counts)
            ],
        )
        label = (
            f"{title} of {count(one.spread.count)} rows, {unit}: mean {one.spread.mean:.3g}, half "
            f"above {one.spread.p50:.3g}."
        )
        told = f"{title}: {unit}. Mean {one.spread.mean:.3g} over {count(one.spread.count)} rows."
        panels.append(Panel(charts.histogram(f"quality-{what}", label, one, unit), told, [table]))
    return Section(
        "quality",
        "Strength of the tests",
        "Of verified rows, where measured.",
        panels,
        "Nothing was measured.",
    )


def _duplicates(run: RunValues) -> Section:
    found = run.duplicates
    panels = []
    if found is not None and found.sizes:
        sizes = sorted(found.sizes)
        clusters = Table(
            "Questions by how many were dropped for them",
            ["Dropped for it", "questions"],
            [[count(size), count(found.sizes[size])] for size in sizes],
        )
        largest_ones = Table(
            "The largest clusters",
            ["Kept", "dropped for it", "question", "the first that were dropped"],
            [
                [
                    Cell(readable(one.kept), one.kept if one.text else ""),
                    count(one.dropped),
                    _line(one.text) or "released before, not of this run",
                    "\n".join(
                        f"[{copy.reason.replace('_', ' ')}, {score(copy.score)}] {_line(copy.text)}"
                        for copy in one.copies[:3]
                    ),
                ]
                for one in found.largest
            ],
            numbers=False,
        )
        rows: dict[str, dict[str, int]] = {}
        for size in sizes:
            name = next(name for most, name in SIZES if size <= most)
            told_of = rows.setdefault(name, {"questions": 0})
            told_of["questions"] += found.sizes[size]
        label = "Kept questions by how many were dropped for them: " + ", ".join(
            f"{count(found.sizes[size])} with {count(size)}" for size in sizes
        )
        figure = charts.stacked("clusters", label, rows, ["questions"], "kept questions")
        told = "A kept question stands for all that say the same; how many are there of each size."
        panels.append(Panel(figure, told, [clusters]))
        told = f"The {count(len(found.largest))} questions that most others were dropped for."
        panels.append(Panel(None, told, [largest_ones]))
    return Section(
        "duplicates", "Duplicates", "", panels, "No question was dropped as a duplicate."
    )


def _extremes(run: RunValues) -> Section:
    panels = []
    heads = ["Question", "text", "result", "passed", "failed for"]
    for title, told, found in (
        ("Slowest questions", "By the slowest of their attempts, on the clock.", run.slowest),
        ("Questions that failed most often", "By attempts that did not pass.", run.failing),
    ):
        if found:
            timed = "seconds" if any(one.seconds is not None for one in found) else ""
            columns = [*heads, timed] if timed else heads
            rows = [_extreme(one, timed=bool(timed)) for one in found]
            panels.append(Panel(None, told, [Table(title, columns, rows, numbers=False)]))
    return Section(
        "extremes", "Slowest and most failing", "", panels, "No question was attempted yet."
    )


def _extreme(one: Extreme, *, timed: bool) -> list[str | Cell]:
    told = {reason.replace("_", " "): times for reason, times in one.reasons.items()}
    reasons = ", ".join(f"{reason} {told[reason]}" for reason in ranked(told))
    found: list[str | Cell] = [
        Cell(readable(one.id), one.id),
        _line(one.text),
        "verified" if one.kept else "rejected",
        f"{one.passed} of {one.attempts}",
        reasons or "nothing",
    ]
    if timed:
        found.append("" if one.seconds is None else f"{one.seconds:.2f}")
    return found


def _later(run: RunValues) -> Section:
    panels = []
    if run.answers:
        order = ranked({key: sum(by.values()) for key, by in run.answers.items()})
        table = by_subset_table(
            "Answers by what became of them",
            "Became",
            {key.replace("_", " "): run.answers[key] for key in order},
            run.subsets,
        )
        rows = {key.replace("_", " "): {"answers": sum(run.answers[key].values())} for key in order}
        label = "Answers in full by what became of them: " + ", ".join(
            f"{key} {count(int(one['answers']))}" for key, one in rows.items()
        )
        figure = charts.stacked("answers", label, rows, ["answers"], "answers")
        panels.append(Panel(figure, "Answers in full, by what became of them.", [table]))
    if run.pairs:
        rows = {key: {"pairs": sum(by.values())} for key, by in run.pairs.items()}
        label = "Preference pairs by criterion: " + ", ".join(
            f"{key} {count(int(one['pairs']))}" for key, one in rows.items()
        )
        table = by_subset_table("Pairs by criterion", "Criterion", run.pairs, run.subsets)
        figure = charts.stacked("pairs", label, rows, ["pairs"], "pairs")
        panels.append(Panel(figure, "Preference pairs, by what they were chosen by.", [table]))
    return Section(
        "later",
        "Answers and pairs",
        "",
        panels,
        "The pipeline asks for neither answers in full nor preference pairs.",
    )


def _line(text: str) -> str:
    return readable(shorten(text, EXCERPT, placeholder="…"))
