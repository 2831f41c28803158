"""`kodgen report`: all of a run, to be looked at."""

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write; report/index.html in RUN if left out.",
)
def report(run: Path, output: Path | None) -> None:
    """Write the report of RUN, a run directory, as one HTML file that needs nothing else.

    A run that is not finished is shown as far as it has come.
    """
    from kodgen.engine.reporting.running import default_output, write_report

    place = output or default_output(run)
    values = write_report(run, place)
    click.echo(
        f"{place}: {place.stat().st_size / 1e6:.1f} MB, {len(values.stages)} stages, "
        f"{len(values.samples):,} of {values.rows:,} rows shown in full"
    )
