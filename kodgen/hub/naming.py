"""What a repository and a version may be called, and the order of versions."""

import re

from kodgen.errors import HubRefused

_VERSION = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)

_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?", re.ASCII)
"""The Hub's rule for a namespace and for a name: at most 96 of these characters."""


def version_key(tag: str) -> tuple[int, int, int] | None:
    """Return what versions are ordered by; None for a tag that is no version (`vX.Y.Z`)."""
    found = _VERSION.fullmatch(tag)
    if found is None:
        return None
    major, minor, patch = (int(part) for part in found.groups())
    return major, minor, patch


def versions(tags: list[str]) -> list[str]:
    """Return the tags that are versions, oldest first."""
    keyed = [(key, tag) for tag in tags if (key := version_key(tag)) is not None]
    return [tag for _, tag in sorted(keyed)]


def raised(version: str) -> str:
    """Return the smallest version above one: `v1.2.3` gives `v1.2.4`."""
    key = version_key(version)
    assert key is not None
    major, minor, patch = key
    return f"v{major}.{minor}.{patch + 1}"


def check_version(version: str) -> None:
    """Refuse what is no version.

    Raises:
        HubRefused: It is not of the form `vX.Y.Z`.
    """
    if version_key(version) is None:
        raise HubRefused(f"version {version!r} is not of the form vX.Y.Z: write, say, v1.0.0")


def check_repo(repo: str) -> None:
    """Refuse what can't be the name of a repository with its namespace.

    Raises:
        HubRefused: It is not `namespace/name`, or breaks the Hub's rule for either.
    """
    parts = repo.split("/")
    good = len(parts) == 2 and all(_PART.fullmatch(part) for part in parts)
    if not good or "--" in repo or ".." in repo or repo.endswith(".git"):
        raise HubRefused(
            f"{repo!r} is no repository name: write namespace/name, where the namespace is your "
            "user name or an organisation's and both are made of letters, digits, '-', '_' and '.' "
            "(at most 96, not '-' or '.' at either end, no '--' or '..', not ending in '.git')"
        )
