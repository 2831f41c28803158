"""What no released text may hold: keys, paths of machines, e-mail addresses.

Forms of keys are those that their issuers document, or that their tools search for; each is long
and marked enough that prose and code don't hold one by chance.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_KEYS: tuple[tuple[str, str], ...] = (
    ("Hugging Face token", r"\b(?:hf|api_org)_[A-Za-z0-9]{30,}\b"),
    ("Anthropic key", r"\bsk-ant-[A-Za-z0-9_-]{24,}"),
    ("OpenAI key", r"\bsk-(?:proj-|svcacct-|admin-)[A-Za-z0-9_-]{20,}|\bsk-[A-Za-z0-9]{32,}\b"),
    ("GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{22,}"),
    ("GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("Google API key", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("Stripe key", r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    ("PyPI token", r"\bpypi-AgEI[A-Za-z0-9_-]{50,}"),
    ("npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("Weights & Biases key", r"\bWANDB_API_KEY\s*[=:]\s*['\"]?[0-9a-f]{40}\b"),
    ("private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
)
_EACH_KEY = tuple((name, re.compile(form)) for name, form in _KEYS)
_MARKS = (
    "hf_", "api_org_", "sk-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
    "AKIA", "ASIA", "AIza", "xox", "k_live_", "pypi-", "npm_", "WANDB_API_KEY", "PRIVATE KEY",
)  # fmt: skip
"""Of which every key holds one: looked for first, as that is much faster."""
_DOCUMENTED = frozenset({"AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"})
"""Keys that AWS's own documentation shows, which open nothing."""

_HOME = re.compile(
    r"(?<![\w.])(?:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2})(?P<who>[A-Za-z0-9][\w.-]*)"
    r"|(?<![\w./])/root/(?=\.[a-z]|[A-Za-z0-9_-]+/)(?P<root>)"
)
"""A folder of a user. Of `/root/` only what goes on with a hidden file or two levels: tasks on
trees have nodes called so."""
_HOME_MARKS = ("/home/", "Users", "/root/")
_NOBODY = frozenset(
    {
        "a", "abc", "admin", "alice", "alex", "anyone", "b", "bar", "baz", "bob", "c", "charlie",
        "dave", "demo", "dir", "dir1", "documents", "docs", "example", "file", "folder", "foo",
        "foobar", "guest", "jane", "janedoe", "jack", "jdoe", "jim", "joe", "john", "johndoe",
        "johnny", "linux", "mary", "me", "myname", "myuser", "name", "nobody", "one", "owner",
        "person", "public", "qux", "sample", "shared", "smith", "somebody", "someone", "someuser",
        "student", "sub", "test", "testuser", "tester", "tom", "ubuntu", "user", "user1", "user2",
        "user123", "username", "users", "you", "your", "yourname", "your-name", "your_name",
        "your-username", "your_username", "x", "y", "z",
    }
)  # fmt: skip
"""Users that examples have; tasks on paths are full of them."""

_EMAIL = re.compile(
    r"(?<![\w.+/:-])[A-Za-z0-9][\w.+-]*@(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+"
    r"(?P<top>[A-Za-z]{2,}))(?![\w@(-])"
)
_TOPS = frozenset(
    {
        "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name", "pro", "io", "ai",
        "app", "dev", "cloud", "tech", "online", "xyz",
    }
)  # fmt: skip
"""Top levels of three letters and more that addresses have; in code, what follows a dot is most
often an attribute: `a@b.weights`."""
_RESERVED = re.compile(
    r"(^|\.)(example\.(com|org|net)|example|test|invalid|localhost|local|[a-z0-9]\.(com|org|net))$",
    re.IGNORECASE,
)
"""Domains that no one can have (RFC 2606, section 2 and 3; RFC 6761; RFC 6762 for `local`), or next
to no one: of one letter, all but six are kept back by IANA, and tests are full of `a@b.com`."""
SHOWN = 6
"""Letters of what was found that a message repeats: enough to find it, too few to use it."""


@dataclass(frozen=True, slots=True)
class Private:
    """Something that must not go out."""

    kind: str
    shown: str
    """Its beginning, or all of what is no secret."""


class Watch:
    """Looks for what must not go out.

    Args:
        folders: Paths of this machine, such as the run's and the home folder.
        domains: Of addresses that are known to be invented.
    """

    def __init__(self, folders: Sequence[str] = (), domains: Sequence[str] = ()) -> None:
        own = sorted({folder.rstrip("/") for folder in folders if folder.count("/") > 1})
        ends = "|".join(map(re.escape, sorted(own, key=len, reverse=True)))
        self._own = re.compile(rf"(?:{ends})(?![\w-])") if own else None
        self._domains = frozenset(domain.lower().lstrip("@") for domain in domains)

    def look(self, text: str) -> Iterator[Private]:
        """Everything in a text, in no order; most texts hold nothing, and are told fast."""
        if any(mark in text for mark in _MARKS):
            yield from self._keys(text)
        if self._own is not None and (found := self._own.search(text)):
            yield Private("path of this machine", found[0])
        if any(mark in text for mark in _HOME_MARKS):
            for found in _HOME.finditer(text):
                if found["who"] is None or found["who"].rstrip(".").lower() not in _NOBODY:
                    yield Private("path of a home folder", found[0])
        if "@" in text:
            yield from self._addresses(text)

    @staticmethod
    def _keys(text: str) -> Iterator[Private]:
        seen: set[int] = set()
        for name, form in _EACH_KEY:
            for found in form.finditer(text):
                if found.start() not in seen and found[0] not in _DOCUMENTED:
                    seen.add(found.start())
                    yield Private(name, found[0][:SHOWN] + "...")

    def _addresses(self, text: str) -> Iterator[Private]:
        for found in _EMAIL.finditer(text):
            domain, top = found["domain"].lower(), found["top"].lower()
            if len(top) > 2 and top not in _TOPS:
                continue
            if found[0].startswith("git@") or _RESERVED.search(domain) or domain in self._domains:
                continue
            yield Private("e-mail address", found[0])
