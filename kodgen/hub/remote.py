"""What a host holds of a dataset: its files, its versions, and the evidence of the latest one."""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen.errors import HubRefused
from kodgen.hub.client import Client, Patience, quiet
from kodgen.hub.files import RemoteFile, listed
from kodgen.hub.naming import check_repo, versions

MANIFEST = "provenance/manifest.json"
CHECKSUMS = "provenance/sha256.txt"
ROWS = "provenance/ids.parquet"
CHANGELOG = "CHANGELOG.md"

_TYPE = "dataset"


@dataclass(frozen=True, slots=True)
class Remote:
    """A dataset repository as it stands."""

    head: str
    """Commit that its main branch is at."""
    private: bool
    tags: Mapping[str, str]
    """Commit by tag."""
    files: Mapping[str, RemoteFile]
    """Files of `head`, by path."""


@dataclass(frozen=True, slots=True)
class Released:
    """The latest version released to a repository, with what it says of itself."""

    repo: str
    version: str
    versions: tuple[str, ...]
    """All versions, oldest first."""
    commit: str
    private: bool
    manifest: Mapping[str, Any]
    """Its `provenance/manifest.json`."""
    checksums: Mapping[str, str]
    """SHA-256 by path, of its `provenance/sha256.txt`; empty if it has none."""
    changelog: str
    """Its CHANGELOG.md; '' if it has none."""
    rows: Any
    """pyarrow table of its `provenance/ids.parquet`; None if it has none."""


def released(
    repo: str,
    *,
    token: str | None = None,
    endpoint: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
    patience: Patience | None = None,
) -> Released | None:
    """Read the latest version of a dataset that was released; None if there is none.

    Args:
        repo: `namespace/name`.
        token: As for `upload`.
        endpoint: As for `upload`.
        progress: As for `upload`.
        patience: As for `upload`.

    Raises:
        HubRefused: The name or the token is wrong, the latest version is not of our making, or
            without a token it can't be told whether there is such a repository.
        HubUnavailable: The host can't be reached, or limits how often it is asked.
    """
    check_repo(repo)
    client = Client(repo, token=token, endpoint=endpoint, tell=progress, patience=patience)
    with quiet(progress, client.token):
        remote = look(client)
        if remote is None:
            if client.token is None:
                raise HubRefused(
                    f"{client.endpoint} shows no dataset {repo} to someone without a token, be it "
                    "private or not there; give a token in HF_TOKEN or to `hf auth login`"
                )
            return None
        known = versions(list(remote.tags))
        return _evidence(client, remote, known) if known else None


def look(client: Client) -> Remote | None:
    """Read how a repository stands; None if there is none that this token may see."""
    from huggingface_hub.errors import RepositoryNotFoundError

    def info() -> Any:
        try:
            return client.api.dataset_info(client.repo)
        except RepositoryNotFoundError:
            return None

    doing = f"read the state of {client.repo}"
    found = client.ask(doing, info)
    if found is None:
        return None
    refs = client.ask(doing, lambda: client.api.list_repo_refs(client.repo, repo_type=_TYPE))
    return Remote(
        head=found.sha,
        private=bool(found.private),
        tags={tag.name: tag.target_commit for tag in refs.tags},
        files=files_at(client, found.sha),
    )


def files_at(client: Client, revision: str) -> dict[str, RemoteFile]:
    """List every file of a commit, a tag or a branch, by path."""
    from huggingface_hub.hf_api import RepoFile

    def tree() -> list[Any]:
        return list(
            client.api.list_repo_tree(
                client.repo, recursive=True, revision=revision, repo_type=_TYPE
            )
        )

    entries = client.ask(f"list the files of {client.repo}", tree)
    return {
        one.path: RemoteFile(
            path=one.path,
            size=one.size,
            blob=one.blob_id,
            sha256=one.lfs.sha256 if one.lfs is not None else None,
        )
        for one in entries
        if isinstance(one, RepoFile)
    }


def fetch(client: Client, path: str, revision: str, into: Path) -> bytes:
    """Download one file of a revision; `into` is a folder that keeps nothing else."""

    def download() -> bytes:
        got = client.api.hf_hub_download(
            client.repo, path, repo_type=_TYPE, revision=revision, local_dir=into
        )
        return Path(got).read_bytes()

    return client.ask(f"download {path} of {client.repo}", download)


def _evidence(client: Client, remote: Remote, known: list[str]) -> Released:
    import io

    latest = known[-1]
    commit = remote.tags[latest]
    files = remote.files if commit == remote.head else files_at(client, latest)
    if MANIFEST not in files:
        raise HubRefused(
            f"{client.repo} at {latest} has no {MANIFEST}: that version was not released by "
            "kodgen, so what changed since can't be told; release to another repository"
        )
    with tempfile.TemporaryDirectory(prefix="kodgen-released-") as folder:
        got = {
            path: fetch(client, path, latest, Path(folder))
            for path in (MANIFEST, CHECKSUMS, ROWS, CHANGELOG)
            if path in files
        }
    return Released(
        repo=client.repo,
        version=latest,
        versions=tuple(known),
        commit=commit,
        private=remote.private,
        manifest=_manifest(got[MANIFEST], client.repo, latest),
        checksums=listed(got.get(CHECKSUMS, b"").decode()),
        changelog=got.get(CHANGELOG, b"").decode(),
        rows=_rows(io.BytesIO(got[ROWS])) if ROWS in got else None,
    )


def _manifest(text: bytes, repo: str, version: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise HubRefused(f"{repo} at {version}: {MANIFEST} is no JSON ({error})") from error
    if not isinstance(found, dict):
        raise HubRefused(f"{repo} at {version}: {MANIFEST} is not an object of named values")
    return found


def _rows(file: Any) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(file)
