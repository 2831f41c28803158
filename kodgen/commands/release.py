"""`kodgen release`: a run as a dataset of the Hugging Face Hub."""

import os
from pathlib import Path

import click

from kodgen.commands.options import json_option, print_json

OFFLINE = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--repo", required=True, metavar="ORG/NAME", help="Where to release it.")
@click.option("--private", is_flag=True, help="Make a repository that is not there yet private.")
@click.option("--dry-run", is_flag=True, help="Build and check all of it, and upload nothing.")
@click.option(
    "--version",
    metavar="vX.Y.Z",
    help="Its tag; the one after the last released if left out, v1.0.0 if there is none.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder to build; release in RUN if left out.",
)
@click.option(
    "-p",
    "--pipeline",
    "pipeline_file",
    type=click.Path(path_type=Path),
    help="The run's pipeline file, for its section `release` and the files that it names.",
)
@click.option(
    "-b",
    "--benchmark",
    "benchmarks",
    multiple=True,
    metavar="NAME[=PLACE]",
    help="A benchmark to audit with beside those of the pipeline, as in `kodgen audit`.",
)
@click.option(
    "--audit",
    "audit_folder",
    type=click.Path(path_type=Path),
    help="Take this audit of the very same texts, such as release.audit in RUN, instead of a new.",
)
@click.option(
    "--embedder",
    default="hashing",
    show_default=True,
    metavar="MODEL",
    help="Of the audit, as in `kodgen audit`.",
)
@click.option(
    "--reverify",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    metavar="N",
    help="Verify N rows of the built files again.",
)
@click.option(
    "--i-accept-no-isolation",
    "no_isolation",
    is_flag=True,
    help="Run untrusted code with resource limits alone where namespaces can't be had.",
)
@click.option("--endpoint", metavar="URL", help="Of the Hub; HF_ENDPOINT or the public one if not.")
@json_option
def release(
    run: Path,
    repo: str,
    private: bool,
    dry_run: bool,
    version: str | None,
    output: Path | None,
    pipeline_file: Path | None,
    benchmarks: tuple[str, ...],
    audit_folder: Path | None,
    embedder: str,
    reverify: int,
    no_isolation: bool,
    endpoint: str | None,
    as_json: bool,
) -> None:
    """Build a dataset of the Hub from RUN, a finished run directory; check it, and upload it.

    The token is that of HF_TOKEN or `hf auth login`. With --dry-run no network is used.
    """
    if dry_run:
        # Before any library reads them.
        os.environ.update(dict.fromkeys(OFFLINE, "1"))
    import asyncio

    from kodgen.config import Release
    from kodgen.engine.releasing.releasing import ReleaseRequest
    from kodgen.engine.releasing.releasing import release as release_run
    from kodgen.pipeline.file import read_pipeline

    pipeline = None if pipeline_file is None else read_pipeline(pipeline_file)
    request = ReleaseRequest(
        run=run,
        repo=repo,
        output=output or run / "release",
        says=Release() if pipeline is None else pipeline.release,
        base=Path() if pipeline is None else pipeline.base,
        benchmarks=benchmarks,
        audit=audit_folder,
        embedder=embedder,
        reverify=reverify,
        no_isolation=no_isolation,
        version=version,
        private=private,
        dry_run=dry_run,
        endpoint=endpoint,
    )
    done = asyncio.run(release_run(request, lambda line: click.echo(line, err=True)))
    if as_json:
        print_json(
            {
                "folder": str(done.folder),
                "version": done.version,
                "license": done.license,
                "rows": {config: dict(splits) for config, splits in done.rows.items()},
                "reverified": done.reverified,
                "url": None if done.uploaded is None else done.uploaded.url,
                "commit": None if done.uploaded is None else done.uploaded.commit,
            }
        )
        return
    for config, splits in done.rows.items():
        told = ", ".join(f"{split} {rows:,}" for split, rows in splits.items())
        click.echo(f"{config:<20} {told}")
    if done.uploaded is None:
        click.echo(f"\n{done.version}, {done.license}: built, not uploaded: {done.folder}")
    else:
        click.echo(f"\n{done.version}, {done.license}: {done.uploaded.url}")
