"""`kodgen schema`: the JSON schema of a pipeline file."""

import click

from kodgen.commands.options import print_json


@click.command()
def schema() -> None:
    """Print the JSON schema of a pipeline file, for editors."""
    from kodgen.pipeline.file import pipeline_schema

    print_json(pipeline_schema())
