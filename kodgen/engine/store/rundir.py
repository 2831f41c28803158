"""A run directory: where everything of one run lies, and whose it is."""

import fcntl
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kodgen import __version__
from kodgen.engine.store.files import explained, write_whole
from kodgen.errors import RunDirectoryError
from kodgen.pipeline.identity import differences
from kodgen.sandbox.interpreter import Environment

STAGES = "[0-9][0-9]-*"
"""The folders of stages."""
MANIFEST = "manifest.json"
"""Written last of a stage: one that has it is done."""
ASIDE = "set-aside"
"""Where the folders lie of stages that the pipeline has no more."""


class RunDirectory:
    """A run directory that this process alone may write to, until closed.

    An edited pipeline may go on in it: what an edit doesn't touch is found again.

    Args:
        path: The directory; made if missing.
        described: All that decides the run's rows, as `Fingerprints.described` has it.

    Raises:
        RunDirectoryError: A pipeline with none of these subsets made it, another process is
            writing to it, or it can't be written.
    """

    def __init__(self, path: Path, described: Mapping[str, Any]) -> None:
        self.path = path
        self.changes: tuple[str, ...] = ()
        """What differs from the pipeline that last wrote here, one line per key."""
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
            self._claim(described)
        except BaseException:
            self._lock.close()
            raise

    def _claim(self, mine: Mapping[str, Any]) -> None:
        file = pipeline_record(self.path)
        if file.exists():
            theirs = read_pipeline_record(self.path)
            if self._holds_work():
                refuse_strangers(self.path, theirs, mine)
                self.changes = tuple(differences(theirs, mine))
        elif self._holds_work():
            raise RunDirectoryError(
                f"{file} is gone, so nothing says which pipeline made this run; put it back, "
                "give another name with --set name=..., or delete the directory to start over"
            )
        _write_yaml(file, {"kodgen": _provenance(), "pipeline": dict(mine)})

    def _holds_work(self) -> bool:
        """Whether any answer of a model is stored, or any stage begun."""
        paid = self.completions.exists() and self.completions.stat().st_size > 0
        return paid or any(map(_begun, self.path.glob(STAGES)))

    def stage(self, number: int, name: str) -> Path:
        """The folder of one stage, made if missing."""
        folder = self.path / folder_name(number, name)
        folder.mkdir(exist_ok=True)
        return folder

    def arrange(self, names: Sequence[str]) -> None:
        """Number the folders of stages anew, as the pipeline has them now.

        Nothing is lost: the folder of a stage that it has no more is put aside, and back where
        it has it again.

        Args:
            names: Of all stages, in order.

        Raises:
            RunDirectoryError: A folder can't be moved.
        """
        aside = self.path / ASIDE
        with explained(self.path):
            for folder in sorted(self.path.glob(STAGES)):
                name = folder.name.split("-", 1)[1]
                if name not in names:
                    aside.mkdir(exist_ok=True)
                    folder.rename(aside / name)
                else:
                    folder.rename(self.path / folder_name(names.index(name), name))
            for number, name in enumerate(names):
                if (aside / name).is_dir() and not (self.path / folder_name(number, name)).exists():
                    (aside / name).rename(self.path / folder_name(number, name))

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
        return completions_file(self.path)

    @property
    def vectors(self) -> Path:
        """Where embedded texts' vectors are kept; may be deleted at any time."""
        return self.path / "vectors"

    @property
    def dataset(self) -> Path:
        """The exported dataset's folder."""
        return self.path / "dataset"

    @property
    def batch(self) -> Path:
        """What was exported for a provider's batch API, and what came back with an error."""
        return batch_folder(self.path)

    def close(self) -> None:
        """Let others write to it."""
        self._lock.close()


def folder_name(number: int, stage: str) -> str:
    """The name of a stage's folder."""
    return f"{number:02d}-{stage}"


def sealed_folders(run: Path) -> list[Path]:
    """The folders of a run's sealed stages, in order."""
    return [folder for folder in sorted(run.glob(STAGES)) if (folder / MANIFEST).exists()]


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
    journal = folder / "journal.jsonl"
    has_rows = journal.exists() and journal.stat().st_size > 0
    return has_rows or (folder / MANIFEST).exists()


def refuse_strangers(path: Path, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> None:
    """Tell an edited pipeline from another one: an edited one keeps a subset at least.

    Raises:
        RunDirectoryError: It is another one.
    """
    old, new = ([subset["name"] for subset in one.get("subsets", ())] for one in (theirs, mine))
    if old and not set(old) & set(new):
        raise RunDirectoryError(
            f"{path} was made by another pipeline: its subsets are {', '.join(old)}, this one's "
            f"are {', '.join(new)}. Give this one another name (--set name=...), or delete the "
            "directory to start over."
        )


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


def completions_file(path: Path) -> Path:
    """Where a run directory holds raw completions."""
    return path / "completions" / "completions.jsonl"


def batch_folder(path: Path) -> Path:
    """Where a run directory holds what was exported for a batch API."""
    return path / "batch"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be the one process that writes to a run directory.

    Raises:
        RunDirectoryError: Another one is.
    """
    with _lock(path):
        yield


def pipeline_record(path: Path) -> Path:
    """Where a run directory holds the pipeline that last wrote to it."""
    return path / "pipeline.yaml"


def read_pipeline_record(path: Path) -> dict[str, Any]:
    """The pipeline that last wrote to a run directory, as `Fingerprints.described` had it.

    Raises:
        RunDirectoryError: The file is not of kodgen's making.
    """
    import yaml

    file = pipeline_record(path)

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        pipeline: dict[str, Any] = content["pipeline"]
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise RunDirectoryError(
            f"{file}: not what kodgen writes there; is this really a run directory? Give another "
            "name with --set name=..."
        ) from error
    return pipeline
