"""A run directory: where everything of one run lies, and whose it is."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from kodgen import __version__
from kodgen.config import Pipeline
from kodgen.engine.tables import file_digest
from kodgen.errors import RunDirectoryError
from kodgen.pipeline.identity import differences, identity


class RunDirectory:
    """A run directory that this process alone may write to, until closed.

    Args:
        path: The directory; made if missing.
        pipeline: The pipeline it is for.
        prompts: Content hash of each prompt template, by name.

    Raises:
        RunDirectoryError: Another pipeline made it (the differences are named), another process
            is writing to it, or it can't be written.
    """

    def __init__(self, path: Path, pipeline: Pipeline, prompts: Mapping[str, str]) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            (path / "completions").mkdir(exist_ok=True)
            self._lock = _lock(path)
        except OSError as error:
            raise RunDirectoryError(
                f"{path}: can't be written ({error.strerror}); give another `runs` folder with "
                "--set runs=FOLDER"
            ) from error
        try:
            self._claim(pipeline, prompts)
        except BaseException:
            self._lock.close()
            raise

    def _claim(self, pipeline: Pipeline, prompts: Mapping[str, str]) -> None:
        mine = {
            **identity(pipeline),
            "inputs": _input_digests(pipeline),
            "prompts": dict(prompts),
        }
        file = self.path / "pipeline.yaml"
        found = differences(_read_yaml(file), mine) if file.exists() else []
        if found and self._holds_work():
            lines = "\n".join(f"  {line}" for line in found)
            raise RunDirectoryError(
                f"{self.path} was made by another pipeline; what differs:\n{lines}\n"
                "Give this one another name (--set name=...), undo the change, or delete the "
                "directory to start over."
            )
        if found:
            # A first try that failed before any answer came (a wrong path, a wrong model) must
            # not stand in the way of the corrected one.
            for stage in self.path.glob("[0-9][0-9]-*"):
                shutil.rmtree(stage)
        if found or not file.exists():
            _write_yaml(file, {"kodgen": _provenance(), "pipeline": mine})

    def _holds_work(self) -> bool:
        """Whether any completion was stored or any stage after the seeds was sealed."""
        paid = self.completions.exists() and self.completions.stat().st_size > 0
        return paid or any(self.path.glob("0[1-9]-*/manifest.json"))

    def stage(self, number: int, name: str) -> Path:
        """The folder of one stage, made if missing."""
        folder = self.path / f"{number:02d}-{name}"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def completions(self) -> Path:
        """The store of raw completions."""
        return self.path / "completions" / "completions.jsonl"

    @property
    def dataset(self) -> Path:
        """The exported dataset's folder."""
        return self.path / "dataset"

    def close(self) -> None:
        """Let others write to it."""
        self._lock.close()


def _lock(path: Path) -> IO[str]:
    file = (path / ".lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise RunDirectoryError(
            f"{path}: another kodgen process is working on this run; wait for it or stop it"
        ) from error
    return file


def _input_digests(pipeline: Pipeline) -> dict[str, str]:
    """SHA-256 of every file a row can come from; a folder's lists its files."""
    paths = [subset.seeds.path for subset in pipeline.subsets if subset.seeds is not None]
    paths += [b.path for b in pipeline.decontaminate.benchmarks if b.path is not None]
    digests = {}
    for path in paths:
        place = pipeline.resolve(path)
        if place.is_file():
            digests[str(path)] = file_digest(place)
        elif place.is_dir():
            files = sorted(f for f in place.rglob("*") if f.is_file())
            listing = {str(f.relative_to(place)): file_digest(f) for f in files}
            digests[str(path)] = json.dumps(listing, sort_keys=True)
    return digests


def _provenance() -> dict[str, str]:
    """The version of kodgen, and its git commit where it runs from a checkout."""
    found = {"version": __version__}
    try:
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 (whichever git the user has)
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=5,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return found
    return found | {"commit": commit}


def _write_yaml(file: Path, content: dict[str, Any]) -> None:
    import yaml

    draft = file.with_suffix(".draft")
    draft.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(file)


def _read_yaml(file: Path) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        pipeline: dict[str, Any] = content["pipeline"]
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise RunDirectoryError(
            f"{file}: not what kodgen writes there; is this really a run directory? Give another "
            "name with --set name=..."
        ) from error
    return pipeline
