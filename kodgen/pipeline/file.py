"""Reads a pipeline file: one call, and either a valid pipeline or every mistake at once."""

import difflib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kodgen.config import Pipeline
from kodgen.errors import ConfigError
from kodgen.formats.checking import check_formats
from kodgen.pipeline.checks import check_subsets
from kodgen.pipeline.mistakes import Mistake, explain, line_of, shown
from kodgen.pipeline.names import with_named_models
from kodgen.pipeline.overrides import Override, apply_override
from kodgen.pipeline.plugins import load_plugins
from kodgen.pipeline.yaml_lines import Document, YamlSyntaxError, read_yaml
from kodgen.resources import shipped

SUFFIXES = (".yaml", ".yml")


def read_pipeline(path: Path, overrides: Sequence[str] = ()) -> Pipeline:
    """Read a pipeline file and apply overrides to it.

    Args:
        path: The file; or the name of a pipeline that ships with kodgen, where there is no such
            file.
        overrides: `KEY=VALUE` each, as `kodgen.pipeline.overrides` has it; later ones win.

    Raises:
        ConfigError: The file can't be read, is not YAML, or is no pipeline; the message has one
            line per mistake, `<file>:<line>: <key>: <what is wrong>; <what was meant>`.
    """
    file = _found(path)
    document = _read(file)
    if not isinstance(document.data, dict):
        raise ConfigError(
            f"{file}: expected a mapping of keys (`name`, `llm`, `subsets`, ...), got "
            f"{shown(document.data)}"
        )
    applied: list[Override] = []
    lost: list[str] = []
    for text in overrides:
        try:
            applied.append(apply_override(document.data, text))
        except ConfigError as error:
            lost.append(str(error))
    mistakes = [Mistake(keys, line, what) for keys, line, what in document.mistakes]
    pipeline = None
    load_plugins(_plugins(document.data), file.parent)
    try:
        # In JSON mode strictness means what a person means by it: "5" and `yes` are no numbers.
        data = with_named_models(document.data)
        pipeline = Pipeline.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        known = {mistake.keys for mistake in mistakes}
        mistakes += [new for new in explain(error, document.lines) if new.keys not in known]
    else:
        mistakes += [
            Mistake(keys, line_of(keys, document.lines), what)
            for keys, what in (*check_subsets(pipeline), *check_formats(pipeline))
        ]
    if pipeline is None or mistakes or lost:
        mistakes.sort(key=lambda mistake: (mistake.line or 0, list(map(str, mistake.keys))))
        lines = [mistake.told(str(file), document.lines, applied) for mistake in mistakes]
        lines.sort(key=lambda line: line.startswith("--set "))
        raise ConfigError("\n".join(dict.fromkeys([*lines, *lost])))
    return pipeline.at(file.parent)


def _plugins(data: dict[str, Any]) -> tuple[str, ...]:
    """The plug-ins that a file names; none where that is no list of names, which is told later."""
    names = data.get("plugins")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ()
    return tuple(names)


def pipeline_schema() -> dict[str, Any]:
    """The JSON schema of a pipeline file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Pipeline.model_json_schema(),
        "title": "kodgen pipeline",
        "description": "How kodgen builds a dataset: where questions come from, which model "
        "answers them, how answers are verified, and what is exported.",
    }


def shipped_pipelines() -> dict[str, Path]:
    """The pipelines that ship with kodgen, by name."""
    try:
        folder = shipped("pipelines")
    except FileNotFoundError:
        return {}
    return {file.stem: file for file in sorted(folder.iterdir()) if file.suffix in SUFFIXES}


def _found(path: Path) -> Path:
    ours = shipped_pipelines()
    if path.is_dir() and str(path) not in ours:
        inside = sorted(file.name for file in path.iterdir() if file.suffix in SUFFIXES)
        there = f"; it holds {', '.join(inside)}" if inside else ""
        raise ConfigError(f"{path}: is a folder; name a pipeline file{there}")
    if path.exists() and not path.is_dir():
        return path
    if str(path) in ours:
        return ours[str(path)]
    raise ConfigError(f"{path}: no such file{_close_files(path, list(ours))}")


def _close_files(path: Path, ours: list[str]) -> str:
    """What may have been meant by a path that is not there."""
    folder = path.parent
    if not folder.is_dir():
        hint = f", nor is there a folder {folder}"
    else:
        beside = sorted(file.name for file in folder.iterdir() if file.suffix in SUFFIXES)
        close = [
            *(str(folder / name) for name in difflib.get_close_matches(path.name, beside)),
            *difflib.get_close_matches(path.stem, ours),
        ]
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"{hint}; pipelines that ship with kodgen: {', '.join(ours)}" if ours else hint


def _read(file: Path) -> Document:
    try:
        return read_yaml(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from error
    except YamlSyntaxError as error:
        numbers = (error.line, error.column)
        place = ":".join([str(file), *(str(number) for number in numbers if number is not None)])
        raise ConfigError(f"{place}: not YAML: {error}; correct it near there") from error
