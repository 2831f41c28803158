"""`kodgen verify`: verdicts on any file of solutions and tests."""

from pathlib import Path
from typing import Any

import click

from kodgen.commands.options import json_option, no_isolation_option, print_json


@click.command()
@click.argument("source", metavar="INPUT")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write, .jsonl or .parquet.",
)
@click.option("--solution-column", default="solution", show_default=True)
@click.option("--test-column", default="test", show_default=True)
@click.option("--id-column", default=None, help="Column to carry over as `id`; guessed if not.")
@click.option("--jobs", "workers", type=int, help="Trials at a time; one per core if not given.")
@click.option(
    "--python",
    type=click.Path(path_type=Path),
    help="Interpreter of the trials, or its virtual environment, with pytest and coverage.",
)
@click.option(
    "--preload",
    multiple=True,
    metavar="MODULE",
    help="Import a module once, before the trials; may be given again.",
)
@click.option("--strict", is_flag=True, help="Run solution and tests in two processes.")
@click.option("--reruns", type=int, help="Times a pass must hold under another hash seed.")
@click.option("--allow-exec", is_flag=True, help="Let trials start other programs.")
@click.option("--cpu-seconds", type=int, help="CPU time of one trial; 10 if not given.")
@click.option("--memory-mb", type=int, help="Memory of each process of a trial; 2048 if not given.")
@click.option("--coverage/--no-coverage", default=True, help="Measure statement coverage.")
@click.option(
    "--control/--no-control", default=True, help="Run a pass again with impossible checks."
)
@click.option(
    "--stubs/--no-stubs", default=True, help="Run a pass's tests against empty solutions."
)
@click.option(
    "--isolation",
    type=click.Choice(["auto", "namespaces", "container"]),
    help="This level or none; the best there is if not given.",
)
@no_isolation_option
@click.option("--restart", is_flag=True, help="Discard what a stopped command had done.")
@json_option
def verify(
    source: str,
    output: Path,
    solution_column: str,
    test_column: str,
    id_column: str | None,
    no_isolation: bool,
    restart: bool,
    as_json: bool,
    **sandbox: Any,
) -> None:
    """Run every solution of INPUT against its tests, and write a verdict for each row.

    INPUT is a JSONL (also .gz), JSON, CSV or Parquet file, a folder of Parquet files, or a dataset
    of the Hugging Face Hub as hf:ORG/NAME[@REVISION][:[CONFIG][/SPLIT]]. A command that was
    stopped goes on where it was.
    """
    import asyncio

    from kodgen.engine.verify.columns import Columns
    from kodgen.engine.verify.summary import summary_lines
    from kodgen.engine.verify.verifying import sandbox_settings, verify_file

    limits = sandbox_settings(sandbox | {"accept_no_isolation": no_isolation})
    columns = Columns(solution=solution_column, test=test_column, id=id_column)
    verified = asyncio.run(verify_file(source, output, columns, limits, restart=restart))
    if as_json:
        print_json(verified.as_dict())
        return
    for line in summary_lines(verified.as_dict()):
        click.echo(line)
