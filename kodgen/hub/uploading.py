"""Uploads a release folder: resumed where it stopped, shown all at once, checked, then tagged."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen.errors import HubRefused
from kodgen.hub.account import check_rights
from kodgen.hub.client import Client, Patience, quiet
from kodgen.hub.files import (
    ATTRIBUTES,
    LocalFile,
    differences,
    listed,
    local_files,
    same,
)
from kodgen.hub.naming import check_repo, check_version, raised, version_key, versions
from kodgen.hub.remote import CHECKSUMS, MANIFEST, Remote, fetch, files_at, look

_TYPE = "dataset"

_BATCH_FILES = 64

_BATCH_BYTES = 128 * 1024 * 1024
"""What is sent between two lines of progress: ten seconds at 100 Mbit/s."""

_SHOWN = 5
"""Files named in a message; the others are counted."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A release as it is at the host."""

    url: str
    commit: str
    tag: str


def upload(  # noqa: PLR0913 -- what a release is, given by name
    folder: Path,
    repo: str,
    *,
    version: str,
    private: bool,
    token: str | None,
    endpoint: str | None,
    message: str,
    progress: Callable[[str], None],
    patience: Patience | None = None,
) -> Uploaded:
    """Release a folder: every file in one commit, checked at the host, then tagged.

    The contents of large files go first and the commit that shows them last, so readers of the
    main branch see the whole of one release or of another, at any time. After an interruption the
    same call sends only what the host has not got. Files of an earlier release that this one has
    not are removed from the main branch; files that no release brought are kept.

    Args:
        folder: The release folder; must not change meanwhile.
        repo: `namespace/name`; made if it is not there.
        version: `vX.Y.Z`, above every version released there.
        private: Whether a repository that is made shall be private.
        token: With write access; None for the one that HF_TOKEN or `hf auth login` gave.
        endpoint: Address of the host; None for HF_ENDPOINT's, or the public Hub's.
        message: Title of the commit.
        progress: Takes one line at a time of what is done.
        patience: How long a failing host is tried.

    Raises:
        HubRefused: Something must be changed first: the token, a right, a name, the version, or
            what is in the repository. The message says what.
        HubUnavailable: The host fails or limits how often it is asked; the same call goes on.
    """
    check_repo(repo)
    check_version(version)
    local = {file.path: file for file in local_files(folder)}
    client = Client(repo, token=token, endpoint=endpoint, tell=progress, patience=patience)
    with quiet(progress, client.token):
        check_rights(client)
        remote = look(client) or _create(client, private)
        _check_remote(client, remote, private)
        ours = _released_paths(client, remote)
        stale = sorted((remote.files.keys() & ours) - local.keys())
        kept = frozenset(remote.files.keys() - local.keys() - set(stale) - {ATTRIBUTES})
        if _is_released(client, remote, version, local, kept):
            progress(f"{repo} has {version} already, with the bytes of this folder")
            return Uploaded(url=client.url, commit=remote.tags[version], tag=version)
        if kept:
            progress(f"kept in {repo}, as no release brought them: {_some(sorted(kept))}")
        commit = _commit(client, folder, local, remote, stale, kept, message)
        _verify(client, commit, local, kept)
        _tag(client, version, commit, local, kept)
    progress(f"{repo} {version}: {len(local)} files, {_megabytes(local)} checked at the host")
    return Uploaded(url=client.url, commit=commit, tag=version)


def _create(client: Client, private: bool) -> Remote:
    def create() -> Remote | None:
        client.api.create_repo(client.repo, repo_type=_TYPE, private=private)
        return look(client)

    kind = "private" if private else "public"
    made = client.ask(f"make the dataset {client.repo}", create, done=lambda: look(client))
    if made is None:
        raise HubRefused(
            f"{client.endpoint} does not show {client.repo} to the token that made it; use a token "
            "that may also read there"
        )
    client.tell(f"made {client.repo}, {kind}")
    return made


def _check_remote(client: Client, remote: Remote, private: bool) -> None:
    if private and not remote.private:
        raise HubRefused(
            f"{client.repo} is there and public, but a private release is asked for; make it "
            f"private at {client.url}/settings, or ask for a public release"
        )
    if remote.private and not private:
        client.tell(f"{client.repo} is private, and stays so until {client.url}/settings says else")
    others = sorted(remote.files.keys() - {ATTRIBUTES, "README.md"})
    if others and MANIFEST not in remote.files:
        raise HubRefused(
            f"{client.repo} holds {_some(others)} and no {MANIFEST}, so it was not released by "
            "kodgen and is left alone; name another repository, or empty that one"
        )


def _released_paths(client: Client, remote: Remote) -> set[str]:
    """Paths on the main branch that a release brought, by its own list."""
    if CHECKSUMS not in remote.files:
        return set()
    with tempfile.TemporaryDirectory(prefix="kodgen-release-") as folder:
        text = fetch(client, CHECKSUMS, remote.head, Path(folder))
    return {*listed(text.decode()), CHECKSUMS, MANIFEST}


def _is_released(
    client: Client,
    remote: Remote,
    version: str,
    local: Mapping[str, LocalFile],
    kept: frozenset[str],
) -> bool:
    """Whether this very release is there; any other clash of versions is refused."""
    known = versions(list(remote.tags))
    if version in remote.tags and not differences(local, files_at(client, version), kept):
        return True
    latest = known[-1] if known else None
    if latest is not None and (version_key(version) or ()) <= (version_key(latest) or ()):
        there = "is there already" if version in known else f"is below {latest}"
        raise HubRefused(
            f"{client.repo} has {', '.join(known)}: {version} {there}; raise the version, to "
            f"{raised(latest)} or above"
        )
    return False


def _commit(
    client: Client,
    folder: Path,
    local: Mapping[str, LocalFile],
    remote: Remote,
    stale: list[str],
    kept: frozenset[str],
    message: str,
) -> str:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    fresh = [
        file
        for path, file in local.items()
        if path not in remote.files or not same(file, remote.files[path])
    ]
    if not fresh and not stale:
        client.tell(f"{client.repo} holds these files already")
        return remote.head
    added = {
        file.path: CommitOperationAdd(path_in_repo=file.path, path_or_fileobj=folder / file.path)
        for file in fresh
    }
    _send(client, fresh, added)
    operations = [*added.values(), *(CommitOperationDelete(path_in_repo=path) for path in stale)]

    def commit() -> str:
        made = client.api.create_commit(
            client.repo,
            operations=operations,
            commit_message=message,
            repo_type=_TYPE,
            parent_commit=remote.head,
        )
        return str(made.oid)

    def landed() -> str | None:
        now = look(client)
        if now is None or now.head == remote.head or differences(local, now.files, kept):
            return None
        return now.head

    return client.ask(f"commit the release to {client.repo}", commit, done=landed)


def _send(client: Client, files: list[LocalFile], added: Mapping[str, Any]) -> None:
    """Send what the commit will refer to; the host says itself what it has already."""
    total = sum(file.size for file in files)
    done_files = done_bytes = 0
    for batch in _batches(files):
        _send_batch(client, _some([file.path for file in batch]), [added[f.path] for f in batch])
        done_files += len(batch)
        done_bytes += sum(file.size for file in batch)
        client.tell(
            f"sent {done_files} of {len(files)} files, {done_bytes / 1e6:.1f} of "
            f"{total / 1e6:.1f} MB"
        )


def _send_batch(client: Client, names: str, additions: list[Any]) -> None:
    def send() -> None:
        client.api.preupload_lfs_files(
            client.repo, additions=additions, repo_type=_TYPE, free_memory=False
        )

    client.ask(f"upload {names} to {client.repo}", send)


def _batches(files: list[LocalFile]) -> Iterator[list[LocalFile]]:
    batch: list[LocalFile] = []
    size = 0
    for file in files:
        if batch and (len(batch) >= _BATCH_FILES or size + file.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield batch


def _verify(
    client: Client, commit: str, local: Mapping[str, LocalFile], kept: frozenset[str]
) -> None:
    wrong = differences(local, files_at(client, commit), kept)
    if wrong:
        raise HubRefused(
            f"{client.repo} at {commit[:12]} is not what this folder holds: {_some(wrong)}; it is "
            "not tagged. See that nothing writes to the folder and that the repository's "
            ".gitignore leaves nothing out, then run the same command again"
        )


def _tag(
    client: Client,
    version: str,
    commit: str,
    local: Mapping[str, LocalFile],
    kept: frozenset[str],
) -> None:
    def tag() -> bool:
        client.api.create_tag(client.repo, tag=version, revision=commit, repo_type=_TYPE)
        return True

    def tagged() -> bool | None:
        now = look(client)
        if now is None or version not in now.tags:
            return None
        return True if not differences(local, files_at(client, version), kept) else None

    client.ask(f"tag {client.repo} as {version}", tag, done=tagged)


def _some(names: list[str]) -> str:
    left = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {left} more" if left > 0 else shown


def _megabytes(local: Mapping[str, LocalFile]) -> str:
    return f"{sum(file.size for file in local.values()) / 1e6:.1f} MB"
