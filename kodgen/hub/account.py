"""Whose a token is, and whether it may write where a release is to go."""

from collections.abc import Callable, Mapping
from typing import Any

from kodgen.errors import HubRefused
from kodgen.hub.client import Client, Patience, quiet
from kodgen.hub.naming import check_repo


def check_token(
    repo: str,
    *,
    token: str | None = None,
    endpoint: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
    patience: Patience | None = None,
) -> None:
    """Refuse what `upload` would, by the token alone: worth a request before hours of work.

    Args:
        repo: `namespace/name`.
        token: As for `upload`.
        endpoint: As for `upload`.
        progress: As for `upload`.
        patience: As for `upload`.

    Raises:
        HubRefused: The name is none, or as for `check_rights`.
        HubUnavailable: As for `check_rights`.
    """
    check_repo(repo)
    client = Client(repo, token=token, endpoint=endpoint, tell=progress, patience=patience)
    with quiet(progress, client.token):
        check_rights(client)


def check_rights(client: Client) -> None:
    """Refuse a release that its token can't make, before anything is sent.

    A fine-grained token tells too little of what it may do; the host then refuses by itself.

    Raises:
        HubRefused: There is no token, it is wrong, it only reads, or its user may not write to the
            repository's namespace.
        HubUnavailable: The host can't be reached, or limits how often it is asked.
    """
    if client.token is None:
        raise HubRefused(
            "there is no token to release with: make one with write access at "
            f"{client.endpoint}/settings/tokens and give it in HF_TOKEN or to `hf auth login`"
        )
    who = client.ask("read whose token this is", client.api.whoami)
    reason = refusal(who, client.repo.partition("/")[0])
    if reason:
        raise HubRefused(f"can't release to {client.repo}: {reason}")


def refusal(who: Mapping[str, Any], namespace: str) -> str:
    """Return why an account may not write to a namespace, with what to do; '' if it may.

    Args:
        who: The Hub's answer to `whoami`.
        namespace: First part of the repository's name.
    """
    role = who.get("auth", {}).get("accessToken", {}).get("role")
    if role == "read":
        return "this token only reads; make one with write access"
    if role != "write":
        return ""
    name = str(who.get("name", ""))
    roles = {str(org.get("name")): org.get("roleInOrg") for org in who.get("orgs", [])}
    if namespace.lower() == name.lower():
        return ""
    own = {org.lower(): role for org, role in roles.items()}
    if namespace.lower() in own:
        if own[namespace.lower()] == "read":
            return f"{name} only reads in {namespace}; ask one of its owners for the right to write"
        return ""
    may = [name, *sorted(org for org, role in roles.items() if role != "read")]
    return f"the token is of {name}, who may write to {', '.join(may)}; use one of these names"
