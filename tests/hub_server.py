"""A dataset host on this machine, for `huggingface_hub` as it is: its API over real HTTP.

It keeps repositories as commits of whole trees, large files as objects by their SHA-256, and counts
what it is sent. Tests plant faults in it: statuses with headers, connections cut after so many
bytes, and a pause in which its client can be killed.
"""

import base64
import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hub_xet import Cas

LARGE = 10_000
"""Bytes above which any file is kept as an object; Parquet always is."""


@dataclass(frozen=True)
class Blob:
    """One file of a tree."""

    data: bytes
    large: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def pointer(self) -> bytes:
        return (
            "version https://git-lfs.github.com/spec/v1\n"
            f"oid sha256:{self.sha256}\nsize {len(self.data)}\n"
        ).encode()

    @property
    def oid(self) -> str:
        data = self.pointer if self.large else self.data
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass
class Repo:
    """A repository: whole trees by commit, and what points to them."""

    private: bool
    commits: dict[str, dict[str, Blob]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    """Every commit that the main branch was at, oldest first."""
    tags: dict[str, str] = field(default_factory=dict)

    def add(self, tree: dict[str, Blob], title: str) -> str:
        name = hashlib.sha1(f"{len(self.commits)} {title}".encode()).hexdigest()
        self.commits[name], self.titles[name] = tree, title
        self.history.append(name)
        return name

    @property
    def head(self) -> str:
        return self.history[-1]

    def commit_of(self, revision: str) -> str | None:
        if revision in {"main", "HEAD"}:
            return self.head
        found = self.tags.get(revision, revision)
        return found if found in self.commits else None

    def files(self, revision: str = "main") -> dict[str, bytes]:
        """Bytes by path, as a reader gets them."""
        commit = self.commit_of(revision)
        assert commit is not None
        return {path: blob.data for path, blob in sorted(self.commits[commit].items())}


@dataclass
class Account:
    """Whom a token belongs to, and what it may do."""

    name: str
    role: str = "write"
    orgs: dict[str, str] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    """Repositories that it may read only, by a rule that `whoami` does not tell of."""

    def writes(self, repo: str) -> bool:
        namespace = repo.partition("/")[0]
        own = namespace == self.name or self.orgs.get(namespace, "read") != "read"
        return own and self.role != "read" and repo not in self.denied


@dataclass
class Planted:
    """A fault for requests that match, so many times."""

    method: str
    path: re.Pattern[str]
    times: int
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"error": "planted"}'
    after: bool = False
    """Whether the request is done first, so that only its answer is lost."""


class Hub:
    """The host; use it as a context manager."""

    def __init__(self, *, part_size: int | None = None, page_size: int = 1000) -> None:
        self.accounts: dict[str, Account] = {}
        self.repos: dict[str, Repo] = {}
        self.objects: dict[str, bytes] = {}
        self.part_size = part_size
        """Bytes of a part where a file is uploaded in parts; None for whole files."""
        self.page_size = page_size
        """Entries on one page of a listing."""
        self.parts: dict[tuple[str, int], bytes] = {}
        self.received: Counter[str] = Counter()
        """Bytes of objects that came in, also of those cut short, by SHA-256."""
        self.requests: list[tuple[str, str]] = []
        self.planted: list[Planted] = []
        self.cut_after: int | None = None
        """Bytes of objects after which the connection is cut, once."""
        self.hold_after: int | None = None
        """Bytes of objects after which the host takes no more, and cuts once `release` is set."""
        self.holding = threading.Event()
        self.release = threading.Event()
        self.lock = threading.RLock()
        self.cas = Cas(self.objects)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def fail(self, method: str, path: str, *, times: int = 1, **how: Any) -> None:
        """Plant a fault for requests whose path has this pattern in it."""
        self.planted.append(Planted(method, re.compile(path), times, **how))

    def make(self, name: str, *, private: bool = False, **files: bytes) -> Repo:
        """Make a repository as the host itself does, with files by name where given."""
        repo = Repo(private=private)
        attributes = Blob(b"*.parquet filter=lfs diff=lfs merge=lfs -text\n", large=False)
        repo.add({".gitattributes": attributes}, "initial commit")
        if files:
            blobs = {path: Blob(data, large=False) for path, data in files.items()}
            repo.add({".gitattributes": attributes, **blobs}, "by hand")
        self.repos[name] = repo
        return repo

    def bytes_received(self) -> int:
        return sum(self.received.values())

    def calls(self, method: str, path: str) -> int:
        """How many requests had this pattern in their path."""
        return sum(m == method and bool(re.search(path, p)) for m, p in self.requests)

    def planted_for(self, method: str, path: str) -> Planted | None:
        with self.lock:
            for one in self.planted:
                if one.times and one.method == method and one.path.search(path):
                    one.times -= 1
                    return one
        return None

    def take(self, key: str, read: Callable[[int], bytes], size: int) -> bytes | None:
        """Read the bytes of an object; None if the connection was cut by a planted fault."""
        data = b""
        while len(data) < size:
            chunk = read(min(1 << 16, size - len(data)))
            if not chunk:
                return None
            data += chunk
            with self.lock:
                self.received[key] += len(chunk)
                total = self.bytes_received()
                cut = self.cut_after is not None and total >= self.cut_after
                hold = self.hold_after is not None and total >= self.hold_after
                if cut:
                    self.cut_after = None
            if cut:
                return None
            if hold:
                self.holding.set()
                self.release.wait(60)
                return None
        return data


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, said: str, code: str = "", **headers: str) -> None:
        super().__init__(said)
        self.status, self.said, self.code, self.headers = status, said, code, headers


ROUTES: list[tuple[str, re.Pattern[str], str]] = []


def route(method: str, path: str) -> Callable[[Any], Any]:
    """Register a method of the handler for a path."""

    def register(function: Any) -> Any:
        ROUTES.append((method, re.compile(path), function.__name__))
        return function

    return register


REPO = r"(?P<repo>[^/]+/[^/]+)"


class _Base(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    taken: bytes | None = None

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def do(self) -> None:
        self.taken = None
        address = urlsplit(self.path)
        self.query = parse_qs(address.query)
        with self.hub.lock:
            self.hub.requests.append((self.command, self.path))
        planted = self.hub.planted_for(self.command, self.path)
        try:
            if planted is not None and not planted.after:
                self.body()
                self.answer(planted.status, planted.body, planted.headers)
                return
            for method, pattern, name in ROUTES:
                found = pattern.fullmatch(address.path)
                if method == self.command and found:
                    parts = {
                        key: unquote(value) for key, value in found.groupdict().items() if value
                    }
                    status, body, headers = getattr(self, name)(**parts)
                    break
            else:
                raise Refused(404, f"no such address: {address.path}")
            if planted is not None:
                status, body, headers = planted.status, planted.body, planted.headers
            self.answer(status, body, headers)
        except Refused as refused:
            headers = {"X-Error-Message": refused.said, **refused.headers}
            if refused.code:
                headers["X-Error-Code"] = refused.code
            self.body()
            self.answer(refused.status, json.dumps({"error": refused.said}).encode(), headers)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_HEAD = do  # noqa: N815

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def body(self) -> bytes:
        """The whole body; read once, then kept."""
        if self.taken is None:
            self.taken = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return self.taken

    def json(self) -> Any:
        return json.loads(self.body())

    def body_of_object(self, key: str) -> bytes:
        size = int(self.headers["Content-Length"])
        data = self.hub.take(key, self.rfile.read1, size)
        if data is None:
            self.taken = b""
            self.connection.close()
            raise ConnectionError("cut")
        self.taken = data
        return data

    def account(self) -> Account | None:
        given = self.headers.get("Authorization", "")
        if not given:
            return None
        account = self.hub.accounts.get(given.removeprefix("Bearer "))
        if account is None:
            raise Refused(401, "Invalid credentials in Authorization header")
        return account

    def repo(self, name: str, *, write: bool = False) -> Repo:
        account = self.account()
        repo = self.hub.repos.get(name)
        seen = repo is not None and (
            not repo.private
            or (account is not None and name.partition("/")[0] in {account.name, *account.orgs})
        )
        if repo is None or not seen:
            raise Refused(404 if account else 401, "Repository not found", "RepoNotFound")
        if write and account is None:
            raise Refused(401, "Invalid username or password.")
        if write and account is not None and not account.writes(name):
            raise Refused(403, f"You do not have write access to {name}")
        return repo

    def commit_of(self, repo: Repo, revision: str) -> str:
        commit = repo.commit_of(revision)
        if commit is None:
            raise Refused(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return commit


class _Handler(_Base):
    @route("GET", "/api/whoami-v2")
    def whoami(self) -> Any:
        account = self.account()
        if account is None:
            raise Refused(401, "Invalid username or password.")
        orgs = [{"name": name, "roleInOrg": role} for name, role in account.orgs.items()]
        token = {"displayName": "test", "role": account.role}
        who = {"type": "user", "name": account.name, "orgs": orgs}
        return 200, {**who, "auth": {"type": "access_token", "accessToken": token}}, {}

    @route("POST", "/api/repos/create")
    def create(self) -> Any:
        account, asked = self.account(), self.json()
        if account is None:
            raise Refused(401, "Invalid username or password.")
        name = f"{asked.get('organization') or account.name}/{asked['name']}"
        if not account.writes(name):
            namespace = name.partition("/")[0]
            raise Refused(403, f"You don't have the rights to create a dataset under {namespace}")
        with self.hub.lock:
            if name in self.hub.repos:
                raise Refused(409, "You already created this dataset repo")
            private = asked.get("visibility") == "private" or bool(asked.get("private"))
            self.hub.make(name, private=private)
        return 200, {"url": f"{self.hub.url}/datasets/{name}", "name": name}, {}

    @route("POST", "/api/validate-yaml")
    def validate(self) -> Any:
        if "bad: [" in self.json()["content"]:
            return 400, {"errors": [{"message": "the metadata is no YAML"}], "warnings": []}, {}
        return 200, {"errors": [], "warnings": []}, {}

    @route("GET", f"/api/datasets/{REPO}(?:/revision/(?P<revision>[^/]+))?")
    def info(self, repo: str, revision: str = "main") -> Any:
        found = self.repo(repo)
        commit = self.commit_of(found, revision)
        return 200, {"id": repo, "sha": commit, "private": found.private, "siblings": []}, {}

    @route("GET", f"/api/datasets/{REPO}/refs")
    def refs(self, repo: str) -> Any:
        found = self.repo(repo)
        tags = [
            {"name": name, "ref": f"refs/tags/{name}", "targetCommit": commit}
            for name, commit in found.tags.items()
        ]
        main = {"name": "main", "ref": "refs/heads/main", "targetCommit": found.head}
        return 200, {"branches": [main], "converts": [], "tags": tags}, {}

    @route("GET", f"/api/datasets/{REPO}/tree/(?P<revision>[^/]+)")
    def tree(self, repo: str, revision: str) -> Any:
        found = self.repo(repo)
        blobs = found.commits[self.commit_of(found, revision)]
        folders = {str(path)[: m.start()] for path in blobs for m in re.finditer("/", path)}
        entries: list[dict[str, Any]] = [
            {"type": "directory", "path": path, "oid": "0" * 40, "size": 0} for path in folders
        ]
        for path, blob in blobs.items():
            entry = {"type": "file", "path": path, "oid": blob.oid, "size": len(blob.data)}
            if blob.large:
                size = len(blob.data)
                entry["lfs"] = {"oid": blob.sha256, "size": size, "pointerSize": len(blob.pointer)}
            entries.append(entry)
        entries.sort(key=lambda entry: str(entry["path"]))
        start = int(self.query.get("cursor", ["0"])[0])
        end = start + self.hub.page_size
        headers = {}
        if end < len(entries):
            address = f"{self.hub.url}{urlsplit(self.path).path}?recursive=True&cursor={end}"
            headers["Link"] = f'<{address}>; rel="next"'
        return 200, entries[start:end], headers

    @route("POST", f"/api/datasets/{REPO}/preupload/(?P<revision>[^/]+)")
    def preupload(self, repo: str, revision: str) -> Any:
        found = self.repo(repo, write=True)
        blobs = found.commits[self.commit_of(found, revision)]
        ignored = blobs.get(".gitignore", Blob(b"", large=False)).data.decode().split()
        files = []
        for asked in self.json()["files"]:
            path = asked["path"]
            large = path.endswith(".parquet") or asked["size"] > LARGE
            answer = {"path": path, "uploadMode": "lfs" if large else "regular"}
            answer["shouldIgnore"] = any(path.startswith(name) for name in ignored)
            if path in blobs:
                answer["oid"] = blobs[path].sha256 if blobs[path].large else blobs[path].oid
            files.append(answer)
        return 200, {"files": files}, {}

    @route("POST", f"/datasets/{REPO}\\.git/info/lfs/objects/batch")
    def batch(self, repo: str) -> Any:
        self.repo(repo, write=True)
        objects = []
        for asked in self.json()["objects"]:
            oid, size = asked["oid"], asked["size"]
            answer: dict[str, Any] = {"oid": oid, "size": size}
            if oid not in self.hub.objects:
                verify = {"href": f"{self.hub.url}/lfs/verify", "header": {}}
                answer["actions"] = {"upload": self._upload(oid, size), "verify": verify}
            objects.append(answer)
        return 200, {"transfer": "basic", "objects": objects}, {}

    def _upload(self, oid: str, size: int) -> dict[str, Any]:
        part = self.hub.part_size
        if part is None or size <= part:
            return {"href": f"{self.hub.url}/lfs/{oid}?Signature=secret", "header": {}}
        count = -(-size // part)
        header = {"chunk_size": str(part)}
        header |= {str(n): f"{self.hub.url}/lfs/{oid}/part/{n}" for n in range(1, count + 1)}
        return {"href": f"{self.hub.url}/lfs/{oid}/complete", "header": header}

    @route("PUT", "/lfs/(?P<oid>[0-9a-f]{64})")
    def put(self, oid: str) -> Any:
        self._store(oid, self.body_of_object(oid))
        return 200, b"", {}

    @route("PUT", "/lfs/(?P<oid>[0-9a-f]{64})/part/(?P<part>[0-9]+)")
    def put_part(self, oid: str, part: str) -> Any:
        self.hub.parts[oid, int(part)] = self.body_of_object(oid)
        return 200, b"", {"ETag": f'"{oid[:8]}-{part}"'}

    @route("POST", "/lfs/(?P<oid>[0-9a-f]{64})/complete")
    def complete(self, oid: str) -> Any:
        numbers = [part["partNumber"] for part in self.json()["parts"]]
        assert numbers == sorted(numbers)
        self._store(oid, b"".join(self.hub.parts[oid, number] for number in numbers))
        return 200, {}, {}

    def _store(self, oid: str, data: bytes) -> None:
        if hashlib.sha256(data).hexdigest() != oid:
            raise Refused(400, "the bytes have another hash than was said")
        self.hub.objects[oid] = data

    @route("POST", "/lfs/verify")
    def verify(self) -> Any:
        asked = self.json()
        if len(self.hub.objects.get(asked["oid"], b"")) != asked["size"]:
            raise Refused(404, "no such object")
        return 200, {}, {}

    @route("POST", f"/api/datasets/{REPO}/commit/(?P<revision>[^/]+)")
    def commit(self, repo: str, revision: str) -> Any:
        found = self.repo(repo, write=True)
        assert revision == "main"
        lines = [json.loads(line) for line in self.body().splitlines()]
        header = lines[0]["value"]
        with self.hub.lock:
            if header.get("parentCommit", found.head) != found.head:
                raise Refused(412, "A commit has happened since. Please refresh and try again.")
            tree = dict(found.commits[found.head])
            for line in lines[1:]:
                self._apply(tree, line["key"], line["value"])
            commit = found.add(tree, header["summary"])
        url = f"{self.hub.url}/datasets/{repo}/commit/{commit}"
        return 200, {"success": True, "commitOid": commit, "commitUrl": url}, {}

    def _apply(self, tree: dict[str, Blob], key: str, value: dict[str, Any]) -> None:
        path = value["path"]
        if key == "file":
            assert value["encoding"] == "base64"
            tree[path] = Blob(base64.b64decode(value["content"]), large=False)
        elif key == "lfsFile":
            data = self.hub.objects.get(value["oid"])
            if data is None:
                raise Refused(400, f"Your push was rejected: {path} refers to no object")
            tree[path] = Blob(data, large=True)
        elif key == "deletedFile":
            if path not in tree:
                raise Refused(404, "A file with this name doesn't exist", "EntryNotFound")
            del tree[path]
        else:
            raise Refused(400, f"unknown operation {key}")

    @route("POST", f"/api/datasets/{REPO}/tag/(?P<revision>[^/]+)")
    def tag(self, repo: str, revision: str) -> Any:
        found = self.repo(repo, write=True)
        asked = self.json()["tag"]
        if asked in found.tags:
            raise Refused(409, "Tag reference exists already")
        found.tags[asked] = self.commit_of(found, revision)
        return 200, {"success": True}, {}

    @route("HEAD", f"/datasets/{REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
    def head_file(self, **what: str) -> Any:
        return self.file(**what)

    @route("GET", f"/datasets/{REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
    def file(self, repo: str, revision: str, path: str) -> Any:
        found = self.repo(repo)
        commit = self.commit_of(found, revision)
        blob = found.commits[commit].get(path)
        if blob is None:
            raise Refused(404, "Entry not found", "EntryNotFound")
        etag = blob.sha256 if blob.large else blob.oid
        return 200, blob.data, {"ETag": f'"{etag}"', "X-Repo-Commit": commit}

    @route("GET", f"/api/datasets/{REPO}/xet-write-token/(?P<revision>[^/]+)")
    def xet_token(self, repo: str, revision: str) -> Any:
        self.repo(repo, write=True)
        access = {"casUrl": self.hub.url, "accessToken": "xet", "exp": 4_000_000_000}
        headers = {
            "X-Xet-Cas-Url": access["casUrl"],
            "X-Xet-Access-Token": access["accessToken"],
            "X-Xet-Token-Expiration": str(access["exp"]),
        }
        return 200, access, headers

    @route("GET", "/v1/chunks/.+")
    def known_chunk(self) -> Any:
        raise Refused(404, "not known")

    @route("POST", "/v1/xorbs/default/(?P<name>[0-9a-f]{64})")
    def xorb(self, name: str) -> Any:
        return 200, {"was_inserted": self.hub.cas.xorb(name, self.body_of_object(name))}, {}

    @route("POST", "/v1/shards")
    def shard(self) -> Any:
        self.hub.cas.shard(self.body())
        return 200, {"result": 1}, {}


def _handler(hub: Hub) -> type[_Handler]:
    return type("Handler", (_Handler,), {"hub": hub})
