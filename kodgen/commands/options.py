"""What many commands have: options, the pipeline file, and how their results are printed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kodgen.config import Pipeline

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
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


def print_json(value: Any) -> None:
    """Print a command's result for another program."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def read(file: str, overrides: tuple[str, ...], no_isolation: bool) -> "Pipeline":
    """Read a command's pipeline file, its options applied.

    Raises:
        ConfigError: It is wrong.
    """
    from kodgen.pipeline.file import read_pipeline

    if no_isolation:
        overrides = (*overrides, "sandbox.accept_no_isolation=true")
    return read_pipeline(Path(file), overrides)
