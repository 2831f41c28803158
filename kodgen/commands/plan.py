"""`kodgen plan`: what a build would make again, ask for and pay."""

import click

from kodgen.commands.options import json_option, pipeline_argument, print_json, read, set_option


@click.command()
@pipeline_argument
@set_option
@json_option
def plan(pipeline_file: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Say what `build` would do now: what is made again, what is asked, what that may cost.

    Nothing is written, and no model is asked.
    """
    pipeline = read(pipeline_file, overrides, False)
    import asyncio

    from kodgen.engine.plan import plan_lines
    from kodgen.engine.planning import plan as plan_build

    found = asyncio.run(plan_build(pipeline, pipeline.runs / pipeline.name))
    if as_json:
        print_json(found.as_dict())
        return
    for line in plan_lines(found):
        click.echo(line)
