"""Digests of the files that a pipeline takes in, so that a changed one is noticed."""

from pathlib import Path

from kodgen.config import FolderSource, Pipeline
from kodgen.engine.store.files import file_digest
from kodgen.errors import InputError
from kodgen.records import content_hash
from kodgen.seeds.folder import matching_files


def seed_digests(pipeline: Pipeline) -> dict[str, str]:
    """SHA-256 of every source of seeds; a folder's is over names and sums of the files it means.

    A source that is not there has none: reading it says so.

    Raises:
        InputError: A file is there but can't be read.
    """
    digests = {}
    for subset in pipeline.subsets:
        section = subset.seeds
        if section is None:
            continue
        place = pipeline.resolve(section.path)
        if isinstance(section, FolderSource) and place.is_dir():
            names = matching_files(section, place)
            parts = [part for name in names for part in (name, _digest(place / name))]
            digests[f"{section.path}/{section.glob}"] = content_hash(*parts, length=64)
        elif place.is_file():
            digests[str(section.path)] = _digest(place)
    return digests


def benchmark_digests(pipeline: Pipeline) -> dict[str, str]:
    """SHA-256 of every benchmark's file.

    Raises:
        InputError: One is there but can't be read.
    """
    paths = [b.path for b in pipeline.decontaminate.benchmarks if b.path is not None]
    places = {str(path): pipeline.resolve(path) for path in paths}
    return {path: _digest(place) for path, place in places.items() if place.is_file()}


def template_digests(pipeline: Pipeline) -> dict[str, str]:
    """SHA-256 of every chat template that a model's section names as a file.

    Raises:
        InputError: One is there but can't be read.
    """
    sections = (pipeline.llm, pipeline.synthesize.llm, pipeline.solve.llm)
    paths = [getattr(section, "chat_template", None) for section in sections]
    places = {str(path): pipeline.resolve(path) for path in paths if path is not None}
    return {path: _digest(place) for path, place in places.items() if place.is_file()}


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError as error:
        raise InputError(
            f"{path}: can't be read ({error.strerror}); fix its permissions, or leave it out"
        ) from error
