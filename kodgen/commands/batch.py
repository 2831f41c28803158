"""`kodgen batch`: requests and answers as files, for a provider's batch API."""

from pathlib import Path

import click

from kodgen.commands.options import (
    json_option,
    no_isolation_option,
    pipeline_argument,
    print_json,
    read,
    set_option,
)


@click.group()
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
    pipeline = read(pipeline_file, overrides, no_isolation)
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
    pipeline = read(pipeline_file, overrides, False)
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
