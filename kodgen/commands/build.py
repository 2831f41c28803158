"""`kodgen build`: a dataset from a pipeline."""

import click

from kodgen.commands.options import (
    drop_unanswered_option,
    json_option,
    no_isolation_option,
    pipeline_argument,
    print_json,
    read,
    set_option,
)


@click.command()
@pipeline_argument
@set_option
@no_isolation_option
@drop_unanswered_option
@click.option(
    "--max-tokens-total",
    type=click.IntRange(1),
    metavar="N",
    help="Stop when the run has used N tokens, earlier commands included.",
)
@click.option(
    "--max-cost",
    type=click.FloatRange(0, min_open=True),
    metavar="X",
    help="Stop when the run has cost X, by the prices of the pipeline file.",
)
@click.option(
    "--max-hours",
    type=click.FloatRange(0, min_open=True),
    metavar="H",
    help="Stop when this command has run for H hours.",
)
@json_option
def build(
    pipeline_file: str,
    overrides: tuple[str, ...],
    no_isolation: bool,
    drop_unanswered: bool,
    max_tokens_total: int | None,
    max_cost: float | None,
    max_hours: float | None,
    as_json: bool,
) -> None:
    """Build a dataset from a pipeline FILE, or go on with it where it was stopped.

    FILE may also be the name of a pipeline that ships with kodgen; `quickstart` if left out.

    Limits stop a run as an interrupt does: what is under way is finished (it is counted at the
    average so far), everything is kept, and the same command goes on.
    """
    pipeline = read(pipeline_file, overrides, no_isolation)
    from kodgen.engine.build import build as build_dataset
    from kodgen.engine.funnel import funnel_data, funnel_lines
    from kodgen.engine.interrupts import run_interruptibly
    from kodgen.engine.limits import Limits

    run = pipeline.runs / pipeline.name
    limits = Limits(max_tokens_total, max_cost, max_hours)
    built = run_interruptibly(
        lambda stop: build_dataset(
            pipeline, run, drop_unanswered=drop_unanswered, stop=stop, limits=limits
        )
    )
    if as_json:
        print_json(
            {
                "run": str(built.run),
                "dataset": str(built.dataset),
                "rows": built.rows,
                "stages": funnel_data(built.stages),
            }
        )
        return
    for line in funnel_lines(built.stages):
        click.echo(line)
    click.echo(
        f"\n{built.rows} verified rows: {built.dataset}\n"
        f"  load them:    datasets.load_dataset({str(built.dataset)!r})\n"
        f"  why not more: {built.run}/*/rejected.parquet"
    )
