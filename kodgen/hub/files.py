"""The files of a release folder as a host names them, and how they differ from what it holds."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kodgen.errors import HubRefused

_CHUNK = 1 << 20

ATTRIBUTES = ".gitattributes"
"""The host writes it itself when a repository is made."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One file of the folder."""

    path: str
    """Relative to the folder, with `/`."""
    size: int
    """Bytes."""
    sha256: str
    git: str
    """SHA-1 that git gives a blob of these bytes: what a host tells of small files."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a repository as its host lists it."""

    path: str
    size: int
    """Bytes."""
    blob: str
    """SHA-1 of the git blob; for a large file, of the pointer that stands for it."""
    sha256: str | None
    """Of the content of a large file; None for a file that git itself holds."""


def local_files(folder: Path) -> list[LocalFile]:
    """List every file of a folder, sorted by path, with hashes of its bytes.

    Raises:
        HubRefused: The folder is not there, is empty, holds a link or can't be read.
    """
    try:
        found = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
        linked = [path for path in found if path.is_symlink()]
        if linked:
            raise HubRefused(f"{linked[0]} is a link: a release holds files only, copy it there")
        if not found:
            raise HubRefused(f"{folder} holds no file: build the release folder first")
        return [_read(path, path.relative_to(folder).as_posix()) for path in found]
    except OSError as error:
        raise HubRefused(f"can't read the release folder: {error}") from error


def _read(path: Path, name: str) -> LocalFile:
    size = path.stat().st_size
    sha256 = hashlib.sha256()
    git = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    read = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            git.update(chunk)
            read += len(chunk)
    if read != size:
        raise HubRefused(f"{path} changed while it was read: let nothing write to the folder")
    return LocalFile(path=name, size=size, sha256=sha256.hexdigest(), git=git.hexdigest())


def same(local: LocalFile, remote: RemoteFile) -> bool:
    """Tell whether a host's file holds exactly the local bytes."""
    if local.size != remote.size:
        return False
    if remote.sha256 is not None:
        return local.sha256 == remote.sha256
    return local.git == remote.blob


def differences(
    local: Mapping[str, LocalFile], remote: Mapping[str, RemoteFile], kept: frozenset[str]
) -> list[str]:
    """Tell how a repository differs from the folder, one phrase for each file, sorted by path.

    Args:
        local: By path.
        remote: By path.
        kept: Paths that may be at the host and not in the folder.
    """
    told = []
    for path in sorted(local.keys() | remote.keys()):
        if path not in remote:
            told.append(f"{path} is missing")
        elif path not in local:
            if path not in kept and path != ATTRIBUTES:
                told.append(f"{path} is not of this release")
        elif not same(local[path], remote[path]):
            there, here = remote[path], local[path]
            told.append(
                f"{path} holds other bytes ({there.size} there, {here.size} here)"
                if there.size != here.size
                else f"{path} holds other bytes of the same number"
            )
    return told


def listed(checksums: str) -> dict[str, str]:
    """Read a file of checksums as `sha256sum` writes it: hash by path."""
    found = {}
    for line in checksums.splitlines():
        digest, _, path = line.strip().partition(" ")
        if path.strip():
            found[path.strip().removeprefix("*").removeprefix("./")] = digest
    return found
