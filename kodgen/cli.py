"""The command line: one thin function per command; everything heavy is imported when it is run."""

import logging
import sys
from pathlib import Path
from typing import Any

import click

from kodgen import __version__
from kodgen.commands.audit import audit
from kodgen.commands.explain import explain
from kodgen.commands.options import json_option, print_json
from kodgen.commands.release import release
from kodgen.commands.report import report
from kodgen.commands.seeds import seeds
from kodgen.commands.show import show
from kodgen.errors import KodgenError

EXIT_CODES = """
\b
Exit codes:
  0    done
  1    a bug in kodgen (please report it)
  2    the pipeline file, an override or an option is wrong
  3    a file or dataset can't be read, or holds nothing usable
  4    the run directory belongs to another pipeline, is in use or can't be written
  5    this machine can't give the isolation asked for
  6    the language model gives no answers; what is done is kept, run the command again
  7    the sandbox fails on this machine
  8    the run finished, but no row survived
  9    a limit of yours is reached; what is done is kept, raise it and run the command again
  10   an audit found rows that --fail-on names
  11   the Hub refuses what is to be released, or does not answer
  12   a check of a release did not hold; nothing was uploaded
  130  interrupted (Ctrl-C, SIGTERM); what is done is kept, run the command again
"""

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a key of the pipeline file, as in --set solve.budget.hard=5.",
)
no_isolation_option = click.option(
    "--i-accept-no-isolation",
    "no_isolation",
    is_flag=True,
    help="Run untrusted code with resource limits alone where namespaces can't be had.",
)
drop_unanswered_option = click.option(
    "--drop-unanswered",
    is_flag=True,
    help="Reject rows that the model's server won't answer, instead of stopping before them.",
)
pipeline_argument = click.argument("pipeline_file", metavar="[FILE]", default="quickstart")


@click.group(context_settings=SETTINGS, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="kodgen")
def cli() -> None:
    """Build synthetic coding datasets whose every row is verified by running it."""


@cli.command()
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
    pipeline = _pipeline(pipeline_file, overrides, no_isolation)
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


@cli.command()
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
    pipeline = _pipeline(pipeline_file, overrides, no_isolation)
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


@cli.command()
@pipeline_argument
@set_option
@json_option
def plan(pipeline_file: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Say what `build` would do now: what is made again, what is asked, what that may cost.

    Nothing is written, and no model is asked.
    """
    pipeline = _pipeline(pipeline_file, overrides, False)
    import asyncio

    from kodgen.engine.plan import plan_lines
    from kodgen.engine.planning import plan as plan_build

    found = asyncio.run(plan_build(pipeline, pipeline.runs / pipeline.name))
    if as_json:
        print_json(found.as_dict())
        return
    for line in plan_lines(found):
        click.echo(line)


@cli.group()
def batch() -> None:
    """Have a provider's batch API, or `vllm run-batch`, answer what a pipeline asks."""


@batch.command("export")
@pipeline_argument
@set_option
@no_isolation_option
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the input files.",
)
@json_option
def batch_export(
    pipeline_file: str,
    overrides: tuple[str, ...],
    no_isolation: bool,
    output: Path,
    as_json: bool,
) -> None:
    """Go as far as stored answers allow, and write what is to be asked next.

    The files are in the OpenAI Batch input format, within the limits of providers.
    """
    pipeline = _pipeline(pipeline_file, overrides, no_isolation)
    from kodgen.engine.batch_export import export_batch, exported_lines
    from kodgen.engine.interrupts import run_interruptibly

    run = pipeline.runs / pipeline.name
    done = run_interruptibly(lambda stop: export_batch(pipeline, run, output, stop=stop))
    if as_json:
        print_json(done.as_dict())
        return
    for line in exported_lines(done, pipeline_file):
        click.echo(line)


@batch.command("import")
@click.argument("pipeline_file", metavar="FILE")
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path))
@set_option
@json_option
def batch_import(
    pipeline_file: str, results: tuple[Path, ...], overrides: tuple[str, ...], as_json: bool
) -> None:
    """Store the answers of RESULTS, the files that came back; error files too.

    What failed is counted, listed in the run directory, and exported again the next time.
    """
    pipeline = _pipeline(pipeline_file, overrides, False)
    from kodgen.engine.batch_import import import_batch, imported_lines
    from kodgen.engine.build import fingerprints_of, load_used_prompts

    run = pipeline.runs / pipeline.name
    prints = fingerprints_of(pipeline, load_used_prompts(pipeline))
    found = import_batch(run, results, prints.variant())
    if as_json:
        print_json(found.as_dict())
        return
    for line in imported_lines(found, run, pipeline_file):
        click.echo(line)


@cli.command()
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


@cli.command()
@click.argument("pipeline_file", metavar="[FILE]", required=False)
@set_option
@json_option
def doctor(pipeline_file: str | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Say what this machine can do; with a pipeline FILE, whether its models answer too."""
    import asyncio

    from kodgen.engine.doctor import examine

    pipeline = _pipeline(pipeline_file, overrides, False) if pipeline_file else None
    findings = asyncio.run(examine(pipeline))
    if as_json:
        print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            click.echo(str(finding))
    failed = [finding.exit_code for finding in findings if not finding.ok]
    sys.exit(max(failed, default=0))


cli.add_command(audit)
cli.add_command(release)
cli.add_command(report)
cli.add_command(explain)
cli.add_command(seeds)
cli.add_command(show)


@cli.command()
def schema() -> None:
    """Print the JSON schema of a pipeline file, for editors."""
    from kodgen.pipeline.file import pipeline_schema

    print_json(pipeline_schema())


def _pipeline(file: str, overrides: tuple[str, ...], no_isolation: bool) -> Any:
    from kodgen.pipeline.file import read_pipeline

    if no_isolation:
        overrides = (*overrides, "sandbox.accept_no_isolation=true")
    return read_pipeline(Path(file), overrides)


def main() -> None:
    """Run a command; errors that kodgen knows become one message and an exit code."""
    logging.basicConfig(format="kodgen: %(message)s", level=logging.WARNING)
    try:
        cli(prog_name="kodgen", standalone_mode=False)
    except KodgenError as error:
        click.echo(f"kodgen: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("kodgen: interrupted; run the same command to go on", err=True)
        sys.exit(130)
