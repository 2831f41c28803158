"""Which benchmarks rows leak."""

from kodgen.report.run import charts
from kodgen.report.run.sections.similarity import similarity_panels
from kodgen.report.run.values import RunValues
from kodgen.report.run.view import Panel, Section, Table, largest
from kodgen.report.telling import count


def section(run: RunValues) -> Section:
    """Leaks by benchmark and subset, and how near questions come to tasks."""
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
            panels += similarity_panels(run.subsets, leaks.every, leaks.similarity, leaks.embedder)
    return Section(
        "leaks",
        "Contamination",
        "",
        panels,
        "No row was compared with a benchmark: nothing is known of leaks, which is not to say that "
        "there are none.",
    )
