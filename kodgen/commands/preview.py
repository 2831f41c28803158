"""`kodgen preview`: a few rows, shown and thrown away; or a forecast from them."""

import click

from kodgen.commands.options import (
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
@click.option(
    "-n",
    "--rows",
    type=click.IntRange(1),
    help="Questions of each subset; 2 if not given, 20 for a forecast.",
)
@click.option(
    "--forecast",
    "with_forecast",
    is_flag=True,
    help="Show what the full run will give and take instead of the rows.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the forecast as JSON.")
def preview(
    pipeline_file: str,
    overrides: tuple[str, ...],
    no_isolation: bool,
    rows: int | None,
    with_forecast: bool,
    as_json: bool,
) -> None:
    """Run the whole pipeline on a few rows and show them; nothing is kept.

    With --forecast, project them to all questions: rows verified, requests, tokens, time, and
    cost or GPU-hours, with the bounds that hold 95 % of all cases.
    """
    if as_json and not with_forecast:
        raise click.UsageError("--json is for --forecast; rows are shown as text")
    pipeline = read(pipeline_file, overrides, no_isolation)
    from kodgen.engine.interrupts import run_interruptibly

    if with_forecast:
        from kodgen.engine.forecast.forecasting import USUAL, forecast
        from kodgen.engine.forecast.telling import forecast_data, forecast_lines

        found = run_interruptibly(lambda stop: forecast(pipeline, rows or USUAL, stop))
        if as_json:
            print_json(forecast_data(found, pipeline))
            return
        lines = forecast_lines(found, pipeline)
    else:
        from kodgen.engine.preview import preview as preview_rows

        lines = run_interruptibly(lambda stop: preview_rows(pipeline, rows or 2, stop))
    for line in lines:
        click.echo(line)
