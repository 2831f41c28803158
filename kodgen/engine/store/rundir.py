"""A run directory: where everything of one run lies, and whose it is."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from kodgen import __version__
from kodgen.config import FolderSource, Pipeline
from kodgen.engine.store.files import file_digest, write_whole
from kodgen.errors import InputError, RunDirectoryError
from kodgen.pipeline.identity import differences, identity
from kodgen.records import content_hash
from kodgen.sandbox.interpreter import Environment
from kodgen.seeds.folder import matching_files

STAGE_KEYS: Mapping[str, tuple[str, ...]] = {
    "deduplicate": ("deduplicate",),
    "decontaminate": ("decontaminate", "benchmark_files"),
    "solve": ("solve", "sandbox"),
}
"""Settings that bind a run only from the moment their stage begins; all others bind at once."""
EXPORT_KEYS = ("export",)
"""Settings of what is written anew by every build."""


class RunDirectory:
    """A run directory that this process alone may write to, until closed.

    Args:
        path: The directory; made if missing.
        pipeline: The pipeline it is for.
        prompts: Content hash of each prompt template used, by name; the solve stage's is `solve`.
        stage_versions: Version of each stage, by name.

    Raises:
        RunDirectoryError: Another pipeline made it (the differences are named), another process
            is writing to it, or it can't be written.
    """

    def __init__(
        self,
        path: Path,
        pipeline: Pipeline,
        prompts: Mapping[str, str],
        stage_versions: Mapping[str, int],
    ) -> None:
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
            self._claim(
                {
                    **identity(pipeline),
                    "inputs": _seed_digests(pipeline),
                    "benchmark_files": _benchmark_digests(pipeline),
                    "prompts": dict(prompts),
                    "stage_versions": dict(stage_versions),
                }
            )
        except BaseException:
            self._lock.close()
            raise

    def _claim(self, mine: Mapping[str, Any]) -> None:
        file = self.path / "pipeline.yaml"
        if not file.exists():
            self._refuse_orphans(file)
        else:
            theirs = _read_yaml(file)
            found = differences(self._settled(theirs), self._settled(mine))
            if found and self._paid():
                lines = "\n".join(f"  {line}" for line in found)
                raise RunDirectoryError(
                    f"{self.path} was made by another pipeline; what differs:\n{lines}\n"
                    "Give this one another name (--set name=...), undo the change, or delete the "
                    "directory to start over."
                )
            if found:
                # What was made before any model was asked costs nothing to make anew.
                for stage in self._stages():
                    shutil.rmtree(stage)
        _write_yaml(file, {"kodgen": _provenance(), "pipeline": dict(mine)})

    def _settled(self, pipeline: Mapping[str, Any]) -> dict[str, Any]:
        """The part of a pipeline that can't change any more: all but stages not yet begun."""
        settled = {key: value for key, value in pipeline.items() if key not in EXPORT_KEYS}
        for by_stage in ("prompts", "stage_versions"):
            settled[by_stage] = dict(settled.get(by_stage, {}))
        for stage, keys in STAGE_KEYS.items():
            if not any(_begun(folder) for folder in self.path.glob(f"[0-9][0-9]-{stage}")):
                settled = {key: value for key, value in settled.items() if key not in keys}
                settled["prompts"].pop(stage, None)
                settled["stage_versions"].pop(stage, None)
        return settled

    def _paid(self) -> bool:
        """Whether any answer of a model is stored."""
        return self.completions.exists() and self.completions.stat().st_size > 0

    def _stages(self) -> list[Path]:
        return sorted(self.path.glob("[0-9][0-9]-*"))

    def _refuse_orphans(self, file: Path) -> None:
        if self._paid() or any(_begun(folder) for folder in self._stages()):
            raise RunDirectoryError(
                f"{file} is gone, so nothing says which pipeline made this run; put it back, "
                "give another name with --set name=..., or delete the directory to start over"
            )

    def stage(self, number: int, name: str) -> Path:
        """The folder of one stage, made if missing."""
        folder = self.path / f"{number:02d}-{name}"
        folder.mkdir(exist_ok=True)
        return folder

    def record_environment(self, environment: Environment) -> None:
        """Write down, once, what a verdict's `environment` stands for."""
        folder = self.path / "environments"
        folder.mkdir(exist_ok=True)
        file = folder / f"{environment.digest}.json"
        if not file.exists():
            write_whole(file, json.dumps(environment.as_dict(), indent=2) + "\n")

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


def _begun(folder: Path) -> bool:
    """Whether a stage has anything that a changed setting would contradict."""
    journal = folder / "journal.jsonl"
    has_rows = journal.exists() and journal.stat().st_size > 0
    return has_rows or (folder / "manifest.json").exists()


def _seed_digests(pipeline: Pipeline) -> dict[str, str]:
    """SHA-256 of every source of seeds; a folder's is over names and sums of the files it means."""
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


def _benchmark_digests(pipeline: Pipeline) -> dict[str, str]:
    paths = [b.path for b in pipeline.decontaminate.benchmarks if b.path is not None]
    places = {str(path): pipeline.resolve(path) for path in paths}
    return {path: _digest(place) for path, place in places.items() if place.is_file()}


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError as error:
        raise InputError(
            f"{path}: can't be read ({error.strerror}); fix its permissions, or leave it out"
        ) from error


def _provenance() -> dict[str, str]:
    """The version of kodgen, and its git commit where it runs from a checkout."""
    found = {"version": __version__}
    here = Path(__file__)
    try:
        # Only where git tracks this very file: kodgen may be installed inside another repository.
        _git("ls-files", "--error-unmatch", here.name, cwd=here.parent)
        commit = _git("rev-parse", "HEAD", cwd=here.parent)
    except (OSError, subprocess.SubprocessError):
        return found
    return found | {"commit": commit}


def _git(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607 (whichever git the user has)
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
        timeout=5,
    )
    return done.stdout.strip()


def _write_yaml(file: Path, content: dict[str, Any]) -> None:
    import yaml

    write_whole(file, yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


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
