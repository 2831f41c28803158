"""`kodgen show`: the pipelines that ship with kodgen, to read and to copy."""

import click


@click.command()
@click.argument("name", required=False)
@click.option("--reference", is_flag=True, help="Print every key of a pipeline file, as Markdown.")
def show(name: str | None, *, reference: bool) -> None:
    """Print a pipeline that ships with kodgen, by its NAME; without one, list them.

    To make it your own: kodgen show my-docs > my-docs.yaml
    """
    if reference:
        if name is not None:
            raise click.UsageError("--reference is of all pipelines; leave NAME out")
        from kodgen.pipeline.reference import reference as page

        click.echo(page(), nl=False)
        return
    from kodgen.errors import ConfigError
    from kodgen.pipeline.file import shipped_pipelines

    ours = shipped_pipelines()
    if name is None:
        width = max(map(len, ours), default=0)
        for one, file in ours.items():
            first = file.read_text(encoding="utf-8").split("\n", 1)[0]
            click.echo(f"{one:<{width}}  {first.removeprefix('#').strip()}")
        return
    if name not in ours:
        raise ConfigError(f"no pipeline {name!r} ships with kodgen; there are {', '.join(ours)}")
    click.echo(ours[name].read_text(encoding="utf-8"), nl=False)
