"""The command `audit`: does a dataset leak a benchmark."""

from pathlib import Path

import click

from kodgen.commands.options import json_option, print_json


@click.command()
@click.argument("source", metavar="DATASET")
@click.option(
    "-b",
    "--benchmark",
    "benchmarks",
    multiple=True,
    required=True,
    metavar="NAME[=PLACE]",
    help="A benchmark to compare with: a known one by its name, or a file or hf:ORG/NAME as "
    "NAME=PLACE; may be given again.",
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder.")
@click.option("--question-column", metavar="COLUMN", help="Guessed if not given.")
@click.option("--solution-column", metavar="COLUMN", help="Guessed if not given.")
@click.option("--tests-column", metavar="COLUMN", help="Guessed if not given.")
@click.option("--subset-column", metavar="COLUMN", help="Guessed if not given.")
@click.option("--id-column", metavar="COLUMN", help="Guessed if not given.")
@click.option(
    "--embedder",
    default="hashing",
    show_default=True,
    metavar="MODEL",
    help="A sentence-transformers model by Hub name or folder; `hashing`, which compares words "
    "and needs no download; or `none`.",
)
@click.option(
    "--layers",
    multiple=True,
    metavar="NAMES",
    help="The only layers to apply, with commas between: exact, ngram, structure, literals, "
    "embedding, behaviour, judge.",
)
@click.option(
    "--behaviour/--no-behaviour",
    default=True,
    help="Run the solutions of rows in doubt, or near to a task in meaning, against the tasks' own "
    "tests, in the sandbox.",
)
@click.option(
    "--try-from",
    type=click.FloatRange(0, 1),
    metavar="SCORE",
    help="Score by meaning from which a row is near enough for that, in no doubt though it is: "
    "the model's own if not given. The lower, the more is found and the longer it takes.",
)
@click.option(
    "--judge",
    metavar="MODEL",
    help="Ask a language model about rows still in doubt, in both orders.",
)
@click.option("--judge-url", metavar="URL", help="Its server, up to /v1; OpenAI's if not given.")
@click.option("--judge-key-env", metavar="VARIABLE", help="Holds its key; OPENAI_API_KEY if not.")
@click.option(
    "--policy",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a bound, as in --policy ngram.contaminated=0.7; may be given again.",
)
@click.option("--self-test/--no-self-test", default=True, help="Try planted leaks out as well.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of samples drawn.")
@click.option(
    "--fail-on",
    type=click.Choice(["contaminated", "review", "error"]),
    help="End with exit code 10 if any row is that or worse: contaminated; to be reviewed; not "
    "looked at in full.",
)
@json_option
def audit(
    source: str,
    benchmarks: tuple[str, ...],
    output: Path,
    question_column: str | None,
    solution_column: str | None,
    tests_column: str | None,
    subset_column: str | None,
    id_column: str | None,
    embedder: str,
    layers: tuple[str, ...],
    behaviour: bool,
    try_from: float | None,
    judge: str | None,
    judge_url: str | None,
    judge_key_env: str | None,
    policy: tuple[str, ...],
    self_test: bool,
    seed: int,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """Say which rows of DATASET leak which tasks of benchmarks, and what shows it.

    DATASET is a JSONL (also .gz), JSON, CSV or Parquet file, a folder of Parquet files, a dataset
    of the Hugging Face Hub as hf:ORG/NAME[@REVISION][:[CONFIG][/SPLIT]], or a run directory of
    kodgen, whose verified rows are audited.
    """
    import asyncio

    from kodgen.engine.auditing.columns import Columns
    from kodgen.engine.auditing.failing import check
    from kodgen.engine.auditing.request import AuditRequest, judge_of, split_layers
    from kodgen.engine.auditing.running import audit as run_audit
    from kodgen.engine.auditing.telling import audit_lines

    columns = Columns(question_column, solution_column, tests_column, subset_column, id_column)
    request = AuditRequest(
        source=source,
        benchmarks=benchmarks,
        output=output,
        columns=columns,
        embedder=embedder,
        layers=split_layers(layers),
        behaviour=behaviour,
        tried=try_from,
        judge=judge_of(judge, judge_url, judge_key_env),
        policy=policy,
        self_test=self_test,
        seed=seed,
    )
    report = asyncio.run(run_audit(request))
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        for line in audit_lines(report, output):
            click.echo(line)
    check(report, fail_on)
