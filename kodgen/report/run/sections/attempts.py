"""How many attempts questions took, and what running them said."""

from collections import Counter

from kodgen.report.run import charts
from kodgen.report.run.values import RunValues
from kodgen.report.run.view import MOST_REASONS, Panel, Section, Table, by_subset_table, ranked
from kodgen.report.telling import count


def section(run: RunValues) -> Section:
    """Questions by attempts, attempts by verdict."""
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
