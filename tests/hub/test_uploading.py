"""Releases uploaded by the real client to a host on this machine."""

import json
import os
import random
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import huggingface_hub.constants
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kodgen.errors import HubRefused, HubUnavailable
from kodgen.hub.account import check_token
from kodgen.hub.changelog import changelog
from kodgen.hub.changes import RowCounts, changes
from kodgen.hub.client import Patience
from kodgen.hub.remote import released
from kodgen.hub.uploading import upload
from tests.hub_server import Account, Blob, Hub

TOKEN = "hf_writeTokenOfTests"

REPO = "ada/kodset"

QUICK = Patience(tries=3, first=0.01, most=0.05, longest=5)


@pytest.fixture(autouse=True, scope="session")
def xet_cache(tmp_path_factory):
    """What `hf_xet` remembers to have sent, apart from what its user has sent elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_XET_CACHE", str(tmp_path_factory.mktemp("xet")))
        yield


@pytest.fixture(params=["lfs", "xet"])
def transfer(request, monkeypatch):
    """Both ways in which the client sends large files."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", request.param == "lfs")
    return request.param


@pytest.fixture
def lfs(monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with Hub() as hub:
        hub.accounts[TOKEN] = Account("ada", orgs={"lab": "write", "guests": "read"})
        yield hub


def release(folder, version="v1.0.0", rows=(("q1", "a"), ("q2", "b")), size=300_000, extra=()):
    """A release folder as built: card, data, evidence, checksums of all of it."""
    random.seed(f"{version}{size}")
    files = {
        "README.md": f"---\nlicense: apache-2.0\n---\n# Kodset {version}\n".encode(),
        "CHANGELOG.md": f"# Changelog\n\n## {version}\n\nFirst release.\n".encode(),
        "data/train-00000-of-00002.parquet": random.randbytes(size),
        "data/train-00001-of-00002.parquet": b"the same in every version" * 2000,
        "audit/report.json": b'{"passed": true}\n',
        "audit/index.html": b"<p>figures</p>" * 3000,
        "empty.txt": b"",
        **dict(extra),
    }
    files["provenance/manifest.json"] = json.dumps(
        {"version": version, "rows": {"default": {"train": len(rows)}}, "licences": ["mit"]}
    ).encode()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    table = pa.table(
        {
            "id": [one for one, _ in rows],
            "sha256": [content for _, content in rows],
            "subset": ["algo"] * len(rows),
        }
    )
    pq.write_table(table, folder / "provenance/ids.parquet")
    sums = "".join(f"{sha256(data).hexdigest()}  {path}\n" for path, data in files.items())
    (folder / "provenance/sha256.txt").write_text(sums)
    return folder


def built(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def at_host(hub, revision="main", repo=REPO):
    files = hub.repos[repo].files(revision)
    files.pop(".gitattributes")
    return files


def send(hub, folder, *, repo=REPO, version="v1.0.0", private=False, token=TOKEN, told=None):
    lines = told if told is not None else []
    return upload(
        folder,
        repo,
        version=version,
        private=private,
        token=token,
        endpoint=hub.url,
        message=f"Release {version}",
        progress=lines.append,
        patience=QUICK,
    )


def test_what_is_uploaded_is_what_was_built(hub, tmp_path, transfer):
    folder = release(tmp_path / "out")
    told = []
    done = send(hub, folder, private=True, told=told)
    assert at_host(hub) == built(folder)
    repo = hub.repos[REPO]
    assert repo.private
    assert repo.tags == {"v1.0.0": done.commit} == {"v1.0.0": repo.head}
    assert done.url == f"{hub.url}/datasets/{REPO}"
    assert [repo.titles[commit] for commit in repo.history] == ["initial commit", "Release v1.0.0"]
    assert any(f"sent {len(built(folder))} of {len(built(folder))} files" in line for line in told)
    assert TOKEN not in "\n".join(told)
    assert bool(hub.cas.xorbs) == (transfer == "xet")


def test_a_release_to_an_organisation(hub, tmp_path, lfs):
    folder = release(tmp_path / "out")
    send(hub, folder, repo="lab/kodset")
    assert at_host(hub, repo="lab/kodset") == built(folder)
    assert not hub.repos["lab/kodset"].private


def test_files_go_in_parts_and_listings_come_in_pages(tmp_path, lfs):
    folder = release(tmp_path / "out")
    with Hub(part_size=70_000, page_size=2) as hub:
        hub.accounts[TOKEN] = Account("ada")
        send(hub, folder)
        assert at_host(hub) == built(folder)
        assert hub.calls("PUT", "/part/5$") == 1
        assert hub.calls("GET", "cursor=") > 3


def test_a_cut_connection_is_tried_again(hub, tmp_path, lfs):
    folder = release(tmp_path / "out")
    hub.cut_after = 200_000
    send(hub, folder)
    assert at_host(hub) == built(folder)


SENDER = """
import sys
from pathlib import Path
from kodgen.hub.uploading import upload
folder, url, token = sys.argv[1:]
upload(Path(folder), "ada/kodset", version="v1.0.0", private=False, token=token, endpoint=url,
       message="Release v1.0.0", progress=lambda line: None)
"""


@pytest.mark.parametrize(("disabled", "held"), [("1", 9_000_000), ("0", 2_000_000)])
def test_a_killed_upload_goes_on_where_it_stopped(hub, tmp_path, monkeypatch, disabled, held):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", disabled == "1")
    folder = release(tmp_path / "out", size=5_000_000, extra=large_files())
    objects = sum(len(data) for path, data in built(folder).items() if is_object(path, data))
    hub.hold_after = held
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "HF_HUB_DISABLE_XET": disabled}
    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER, str(folder), hub.url, TOKEN], env=environment
    )
    assert hub.holding.wait(30)
    sender.send_signal(signal.SIGKILL)
    assert sender.wait(10) == -signal.SIGKILL
    assert hub.repos[REPO].history == [hub.repos[REPO].head]
    assert not hub.repos[REPO].tags
    hub.hold_after = None
    hub.release.set()
    kept = sum(len(data) for data in hub.objects.values())
    # What Xet was killed in the middle of is one block of chunks, of which nothing counts.
    assert (kept > 0) == (disabled == "1")
    hub.received.clear()
    send(hub, folder)
    assert at_host(hub) == built(folder)
    assert hub.bytes_received() <= objects - kept
    assert len(hub.repos[REPO].history) == 2


def large_files():
    return {f"data/more-{n}.parquet": bytes([n]) * 2_000_000 for n in range(3)}.items()


def is_object(path, data):
    return path.endswith(".parquet") or len(data) > 10_000


def test_a_host_that_fails_in_the_middle_is_resumed(hub, tmp_path, transfer):
    folder = release(tmp_path / "out")
    hub.fail("POST", "/commit/main", times=50, status=503)
    with pytest.raises(HubUnavailable, match="it goes on where it stopped"):
        send(hub, folder)
    assert len(hub.repos[REPO].history) == 1
    assert not hub.repos[REPO].tags
    hub.planted.clear()
    sent = hub.received.copy()
    send(hub, folder)
    assert at_host(hub) == built(folder)
    assert hub.received == sent


def test_what_xet_is_refused_is_not_tried_again(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", False)
    hub.fail("GET", "/xet-write-token/", times=50, status=403)
    with pytest.raises(HubRefused, match=r"can't upload .* and 5 more .*use one that may write"):
        send(hub, release(tmp_path / "out"))
    assert hub.calls("POST", "/commit/main") == 0


@pytest.mark.parametrize("status", [500, 504])
def test_a_commit_whose_answer_is_lost_is_not_made_twice(hub, tmp_path, lfs, status):
    folder = release(tmp_path / "out")
    hub.fail("POST", "/commit/main", status=status, after=True)
    done = send(hub, folder)
    assert hub.repos[REPO].history[1:] == [done.commit]
    assert hub.calls("POST", "/commit/main") == 1


@pytest.mark.parametrize("path", ["/repos/create", "/tag/"])
def test_other_lost_answers_are_found_out_too(hub, tmp_path, lfs, path):
    folder = release(tmp_path / "out")
    hub.fail("POST", path, status=502, after=True)
    done = send(hub, folder)
    assert hub.repos[REPO].tags == {"v1.0.0": done.commit}


def test_the_same_release_again_sends_nothing(hub, tmp_path, lfs):
    folder = release(tmp_path / "out")
    first = send(hub, folder)
    sent = hub.received.copy()
    told = []
    assert send(hub, folder, told=told) == first
    assert hub.received == sent
    assert len(hub.repos[REPO].history) == 2
    assert "v1.0.0 already" in told[-1]


def test_an_upload_stopped_before_the_tag_is_only_tagged(hub, tmp_path, lfs):
    folder = release(tmp_path / "out")
    hub.fail("POST", "/tag/", status=503, times=50)
    with pytest.raises(HubUnavailable):
        send(hub, folder)
    hub.planted.clear()
    done = send(hub, folder)
    assert hub.repos[REPO].tags == {"v1.0.0": done.commit}
    assert len(hub.repos[REPO].history) == 2


def test_a_wrong_token(hub, tmp_path):
    with pytest.raises(HubRefused, match=r"refused the token.*settings/tokens.*HF_TOKEN") as raised:
        send(hub, release(tmp_path / "out"), token="hf_wrongOne")
    assert "hf_wrongOne" not in str(raised.value)
    assert not hub.repos


def test_no_token(hub, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    with pytest.raises(HubRefused, match=r"no token.*hf auth login"):
        send(hub, release(tmp_path / "out"), token=None)
    assert not hub.requests


def test_a_token_with_signs_that_none_has_is_not_shown(hub, tmp_path):
    with pytest.raises(HubRefused, match="copy it again") as raised:
        send(hub, release(tmp_path / "out"), token="hf_sec ret")
    assert "sec" not in str(raised.value)


def test_a_token_that_only_reads(hub, tmp_path):
    hub.accounts[TOKEN].role = "read"
    with pytest.raises(HubRefused, match="this token only reads"):
        send(hub, release(tmp_path / "out"))
    assert not hub.repos


def test_a_token_is_checked_before_anything_is_built(hub):
    check_token(REPO, token=TOKEN, endpoint=hub.url, patience=QUICK)
    with pytest.raises(HubRefused, match="may write to"):
        check_token("grace/kodset", token=TOKEN, endpoint=hub.url, patience=QUICK)
    with pytest.raises(HubRefused, match="refused the token"):
        check_token(REPO, token="hf_wrongOne", endpoint=hub.url, patience=QUICK)
    assert not hub.repos


def test_a_namespace_of_others(hub, tmp_path):
    with pytest.raises(HubRefused, match="is of ada, who may write to ada, lab;"):
        send(hub, release(tmp_path / "out"), repo="grace/kodset")
    with pytest.raises(HubRefused, match="ada only reads in guests"):
        send(hub, release(tmp_path / "out"), repo="guests/kodset")
    assert not hub.repos


def test_a_fine_grained_token_without_the_right(hub, tmp_path):
    hub.accounts[TOKEN].role = "fineGrained"
    hub.accounts[TOKEN].denied.add(REPO)
    with pytest.raises(HubRefused, match=r"can't make the dataset.*don't have the rights"):
        send(hub, release(tmp_path / "out"))
    hub.make(REPO)
    with pytest.raises(HubRefused, match=r"may write to ada/kodset.*owner of ada"):
        send(hub, release(tmp_path / "out"))
    assert len(hub.repos[REPO].history) == 1


def test_a_repository_that_the_token_does_not_see(hub, tmp_path):
    hub.accounts[TOKEN].role = "fineGrained"
    hub.make("grace/kodset", private=True)
    hub.fail("POST", "/repos/create", status=409, times=9)
    with pytest.raises(HubRefused, match="can't make the dataset grace/kodset"):
        send(hub, release(tmp_path / "out"), repo="grace/kodset")


def test_a_repository_that_holds_the_work_of_others(hub, tmp_path):
    repo = hub.make(REPO, **{"data.csv": b"1,2\n", "README.md": b"mine"})
    with pytest.raises(HubRefused, match=r"holds data.csv .*not released by kodgen"):
        send(hub, release(tmp_path / "out"))
    assert len(repo.history) == 2


def test_a_repository_made_by_hand_is_taken(hub, tmp_path, lfs):
    hub.make(REPO, **{"README.md": b"to be written"})
    folder = release(tmp_path / "out")
    send(hub, folder)
    assert at_host(hub) == built(folder)


def test_a_private_release_does_not_go_to_a_public_repository(hub, tmp_path):
    hub.make(REPO)
    with pytest.raises(HubRefused, match="is there and public, but a private release"):
        send(hub, release(tmp_path / "out"), private=True)


def test_a_private_repository_stays_private(hub, tmp_path, lfs):
    hub.make(REPO, private=True)
    told = []
    send(hub, release(tmp_path / "out"), told=told)
    assert hub.repos[REPO].private
    assert any("is private, and stays so" in line for line in told)


@pytest.mark.parametrize("repo", ["kodset", "a/b/c", "ada/kod--set", "ada/x.git", "ada/", "å/b"])
def test_a_name_that_is_none(hub, tmp_path, repo):
    with pytest.raises(HubRefused, match="write namespace/name"):
        send(hub, release(tmp_path / "out"), repo=repo)
    assert not hub.requests


@pytest.mark.parametrize("version", ["1.0.0", "v1", "v01.0.0", "v1.0.0-rc1"])
def test_a_version_that_is_none(hub, tmp_path, version):
    with pytest.raises(HubRefused, match=r"not of the form vX.Y.Z"):
        send(hub, release(tmp_path / "out"), version=version)


def test_a_version_that_is_there_or_too_low(hub, tmp_path, lfs):
    send(hub, release(tmp_path / "one", "v1.2.0"), version="v1.2.0")
    other = release(tmp_path / "two", "v1.2.0", size=1000)
    with pytest.raises(HubRefused, match=r"has v1\.2\.0: v1\.2\.0 is there already.*v1\.2\.1"):
        send(hub, other, version="v1.2.0")
    with pytest.raises(HubRefused, match=r"v1\.0\.9 is below v1\.2\.0"):
        send(hub, other, version="v1.0.9")
    assert at_host(hub) == built(tmp_path / "one")


def test_a_rate_limit_that_ends_is_waited_for(hub, tmp_path, lfs):
    waits = []
    patience = Patience(tries=3, first=1, sleep=waits.append)
    hub.fail("GET", "/whoami", status=429, headers={"Retry-After": "7"})
    hub.fail("POST", "/tag/", status=429, headers={"RateLimit": '"api";r=0;t=33'})
    told = []
    upload(
        release(tmp_path / "out"),
        REPO,
        version="v1.0.0",
        private=False,
        token=TOKEN,
        endpoint=hub.url,
        message="m",
        progress=told.append,
        patience=patience,
    )
    assert waits == [7, 33]
    assert any("too many requests; trying again in 7 s" in line for line in told)


def test_a_rate_limit_that_is_too_long_is_told(hub, tmp_path):
    hub.fail("GET", "/whoami", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(HubUnavailable, match="asks to wait for 3600 s"):
        send(hub, release(tmp_path / "out"))
    assert hub.calls("GET", "/whoami") == 1


def test_a_rate_limit_that_does_not_end_is_told(hub, tmp_path):
    hub.fail("GET", "/whoami", status=429, times=99)
    with pytest.raises(HubUnavailable, match="limits how often it is asked"):
        send(hub, release(tmp_path / "out"))
    assert hub.calls("GET", "/whoami") == QUICK.tries


def test_a_proxy_that_answers_with_a_page(hub, tmp_path, lfs):
    hub.fail("POST", "/validate-yaml", status=502, body=b"<html>bad gateway</html>")
    folder = release(tmp_path / "out")
    send(hub, folder)
    assert at_host(hub) == built(folder)


def test_a_card_that_the_host_refuses(hub, tmp_path, lfs):
    folder = release(tmp_path / "out", extra={"README.md": b"---\nbad: [\n---\n"}.items())
    with pytest.raises(HubRefused, match="the metadata is no YAML"):
        send(hub, folder)
    assert len(hub.repos[REPO].history) == 1


def test_a_host_that_is_down(tmp_path):
    with Hub() as hub:
        pass
    with pytest.raises(HubUnavailable, match=r"does not answer as it should .*refused"):
        send(hub, release(tmp_path / "out"))


def test_an_endpoint_that_is_none(hub, tmp_path):
    hub_of_typo = type("Typo", (), {"url": "localhost:80"})
    with pytest.raises(HubRefused, match="is no address"):
        send(hub_of_typo, release(tmp_path / "out"))


def test_a_main_branch_that_others_moved_is_left_as_it_is(hub, tmp_path, lfs, monkeypatch):
    folder = release(tmp_path / "out")
    repo = hub.make(REPO)
    take = hub.take

    def meanwhile(*args):
        if len(repo.history) == 1:
            repo.add({**repo.commits[repo.head], "notes.txt": Blob(b"x", large=False)}, "by hand")
        return take(*args)

    monkeypatch.setattr(hub, "take", meanwhile)
    with pytest.raises(HubRefused, match=r"not what it was.*commit has happened since"):
        send(hub, folder)
    assert at_host(hub) == {"notes.txt": b"x"}


def test_a_file_that_the_host_ignores_leaves_the_version_untagged(hub, tmp_path, lfs):
    folder = release(tmp_path / "out")
    first = send(hub, folder)
    assert first.tag
    repo = hub.repos[REPO]
    tree = {**repo.commits[repo.head], ".gitignore": Blob(b"audit/\n", large=False)}
    repo.add(tree, "by hand")
    second = release(tmp_path / "two", "v1.1.0", extra={"audit/new.json": b"{}"}.items())
    with pytest.raises(HubRefused, match=r"audit/new.json is missing.*not tagged"):
        send(hub, second, version="v1.1.0")
    assert set(repo.tags) == {"v1.0.0"}


@pytest.mark.parametrize("spoilt", ["missing", "empty", "link"])
def test_a_folder_that_is_none(hub, tmp_path, spoilt):
    folder = tmp_path / "out"
    if spoilt != "missing":
        folder.mkdir()
    if spoilt == "link":
        (folder / "data").symlink_to(tmp_path)
    with pytest.raises(HubRefused, match=r"holds no file|is a link"):
        send(hub, folder)


def test_nothing_was_released(hub):
    assert released(REPO, token=TOKEN, endpoint=hub.url, patience=QUICK) is None
    hub.make(REPO)
    assert released(REPO, token=TOKEN, endpoint=hub.url, patience=QUICK) is None


def test_without_a_token_it_is_not_told_as_not_there(hub, monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    with pytest.raises(HubRefused, match="without a token, be it private or not there"):
        released(REPO, token=None, endpoint=hub.url, patience=QUICK)


def test_a_version_tagged_by_others_is_refused(hub):
    repo = hub.make(REPO)
    repo.tags["v1.0.0"] = repo.head
    with pytest.raises(HubRefused, match="was not released by kodgen"):
        released(REPO, token=TOKEN, endpoint=hub.url, patience=QUICK)


def test_an_update_tells_what_changed_and_replaces_what_was_there(hub, tmp_path, transfer):
    one = release(tmp_path / "one", extra={"sft/old.parquet": b"x" * 999}.items())
    send(hub, one)
    repo = hub.repos[REPO]
    tree = {**repo.commits[repo.head], "notes.txt": Blob(b"by hand", large=False)}
    repo.add(tree, "notes")

    old = released(REPO, token=TOKEN, endpoint=hub.url, patience=QUICK)
    assert old is not None
    assert (old.version, old.versions, old.private) == ("v1.0.0", ("v1.0.0",), False)
    assert old.checksums["README.md"] == sha256((one / "README.md").read_bytes()).hexdigest()

    two = release(tmp_path / "two", "v1.1.0", rows=(("q1", "a"), ("q2", "other"), ("q3", "c")))
    new = json.loads((two / "provenance/manifest.json").read_text())
    rows = pq.read_table(two / "provenance/ids.parquet")
    found = changes(old.manifest, new, old_rows=old.rows, new_rows=rows)
    assert found.rows == {("default", "algo"): RowCounts(added=1, removed=0, changed=1, same=1)}
    log = changelog(found, "v1.1.0", old.changelog)
    assert log.index("## v1.1.0") < log.index("## v1.0.0")
    (two / "CHANGELOG.md").write_text(log)

    hub.received.clear()
    told = []
    done = send(hub, two, version="v1.1.0", told=told)
    assert at_host(hub) == {**built(two), "notes.txt": b"by hand"}
    assert at_host(hub, "v1.0.0") == built(one)
    assert repo.tags["v1.1.0"] == done.commit
    assert any("kept in ada/kodset" in line and "notes.txt" in line for line in told)
    same = (two / "data/train-00001-of-00002.parquet").read_bytes()
    assert sha256(same).hexdigest() not in hub.received
    again = released(REPO, token=TOKEN, endpoint=hub.url, patience=QUICK)
    assert again is not None
    assert again.version == "v1.1.0"
    assert again.changelog == log
