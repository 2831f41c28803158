"""`kodgen explain`: the life of one row."""

from pathlib import Path

import click


@click.command()
@click.argument("name", metavar="ID")
@click.option("--run", type=click.Path(path_type=Path), help="Run directory; all of --runs if not.")
@click.option(
    "--runs",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder of run directories to search.",
)
@click.option("--all", "whole", is_flag=True, help="Show texts whole, not their first lines.")
@click.option("--raw", is_flag=True, help="Show what models answered, word by word, as well.")
def explain(name: str, run: Path | None, runs: Path, *, whole: bool, raw: bool) -> None:
    """Tell the life of a row, kept or rejected: seeds, attempts, verdicts, filters.

    ID is that of a question, a row of the dataset, an attempt, an answer or a pair. For a seed's
    id, the questions drawn from it are listed.
    """
    from kodgen.engine.explaining.looking import (
        drawn_from,
        find_run,
        passages,
        question_of,
        raw_answers,
    )
    from kodgen.engine.explaining.telling import life_lines

    place = run or find_run(name, runs)
    if name.startswith("seed:"):
        click.echo("\n".join(drawn_from(place, name)))
        return
    question = question_of(name)
    click.echo("\n".join(life_lines(question, passages(place, question), whole=whole)))
    for request, text in raw_answers(place, question) if raw else ():
        click.echo(f"\n{request}\n{text}")
    click.echo(f"\nin {place}")
