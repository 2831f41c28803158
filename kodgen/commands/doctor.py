"""`kodgen doctor`: what this machine can do."""

import sys

import click

from kodgen.commands.options import json_option, print_json, read, set_option


@click.command()
@click.argument("pipeline_file", metavar="[FILE]", required=False)
@set_option
@json_option
def doctor(pipeline_file: str | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Say what this machine can do; with a pipeline FILE, whether its models answer too."""
    import asyncio

    from kodgen.engine.doctor import examine

    pipeline = read(pipeline_file, overrides, False) if pipeline_file else None
    findings = asyncio.run(examine(pipeline))
    if as_json:
        print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            click.echo(str(finding))
    failed = [finding.exit_code for finding in findings if not finding.ok]
    sys.exit(max(failed, default=0))
