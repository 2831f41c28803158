"""The command line; each command is a module of `kodgen.commands`."""

import logging
import sys

import click

from kodgen import __version__
from kodgen.commands.audit import audit
from kodgen.commands.batch import batch
from kodgen.commands.build import build
from kodgen.commands.doctor import doctor
from kodgen.commands.explain import explain
from kodgen.commands.plan import plan
from kodgen.commands.preview import preview
from kodgen.commands.release import release
from kodgen.commands.report import report
from kodgen.commands.schema import schema
from kodgen.commands.seeds import seeds
from kodgen.commands.show import show
from kodgen.commands.verify import verify
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


@click.group(context_settings=SETTINGS, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="kodgen")
def cli() -> None:
    """Build synthetic coding datasets whose every row is verified by running it."""


for command in (
    audit,
    batch,
    build,
    doctor,
    explain,
    plan,
    preview,
    release,
    report,
    schema,
    seeds,
    show,
    verify,
):
    cli.add_command(command)


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
