"""Which benchmarks a release is audited with: those of its pipeline, and those the user names."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kodgen.engine.store.files import file_digest
from kodgen.errors import ConfigError, InputError
from kodgen.resources import shipped
from kodgen.tables.hub import PREFIX


def to_compare(pipeline: Mapping[str, Any], given: Sequence[str], base: Path) -> tuple[str, ...]:
    """Benchmarks as `kodgen audit -b` takes them; one given replaces that of its name.

    Args:
        pipeline: As a run's record has it: a file's path as its pipeline file had it, and its
            digest.
        given: As `-b` has them.
        base: Folder that paths of the pipeline file start from; others are tried if it is not
            there: the working directory and that of the pipelines that ship with kodgen.

    Raises:
        ConfigError: There is none at all.
        InputError: A file of the pipeline is not where it should be.
    """
    named = {text.partition("=")[0]: text for text in given}
    digests = pipeline.get("benchmark_files") or {}
    for one in (pipeline.get("decontaminate") or {}).get("benchmarks") or ():
        name = str(one["name"])
        if name not in named:
            named[name] = f"{name}={_place(one, name, base, digests)}"
    if not named:
        raise ConfigError(
            "a release is audited, and this run's pipeline names no benchmarks; name some with "
            "-b, as in -b humaneval=HumanEval.jsonl.gz -b mbpp=mbpp.jsonl"
        )
    return tuple(named.values())


def _place(one: Mapping[str, Any], name: str, base: Path, digests: Mapping[str, str]) -> str:
    if one.get("hub"):
        revision = f"@{one['revision']}" if one.get("revision") else ""
        return f"{str(one['hub']).removeprefix(PREFIX).join((PREFIX, ''))}{revision}"
    written = str(one.get("path") or "")
    if not written:
        raise InputError(f"benchmark {name!r} of the run has no file; name it with -b {name}=PATH")
    tried = [folder / written for folder in (base, Path(), shipped("pipelines"))]
    there = [path for path in tried if path.is_file()]
    expected = digests.get(written)
    for path in there:
        if expected is None or file_digest(path) == expected:
            return str(path)
    why = "changed since the run" if there else "is not found from here"
    raise InputError(
        f"benchmark {name!r}: its file {written} {why}; give the pipeline file with --pipeline, or "
        f"the file with -b {name}=PATH"
    )
