"""What errors of the client are read as, and that nothing secret is in what is told."""

import errno
import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from huggingface_hub.errors import OfflineModeIsEnabled

from kodgen.errors import HubRefused, HubUnavailable
from kodgen.hub.account import refusal
from kodgen.hub.client import Patience, quiet
from kodgen.hub.faults import Fault, asked_wait, read_fault, redacted, told
from kodgen.hub.files import RemoteFile, differences, listed, local_files
from kodgen.hub.naming import raised, versions

HOST, REPO = "https://host", "ada/kodset"


def test_headers_that_ask_to_wait():
    assert asked_wait("12") == 12
    assert asked_wait(None, '"api";r=0;t=55') == 55
    assert asked_wait(None, '"api";r=10;t=55') is None
    assert asked_wait(None) is None
    assert asked_wait("soon") is None
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 95 <= (asked_wait(later) or 0) <= 100
    assert asked_wait("Mon, 01 Jan 2001 00:00:00 GMT") == 0


def test_secrets_are_left_out():
    text = "token s3cret for hf_abcdEFGH, Bearer xyz at https://host/lfs/a?Signature=abc&x=1"
    assert redacted(text, "s3cret") == (
        "token (token) for (token), Bearer (token) at https://host/lfs/a"
    )


def test_an_error_inside_another_is_read():
    try:
        try:
            raise ConnectionResetError("by peer")
        except ConnectionResetError as error:
            raise RuntimeError("Error while uploading 'data' to the Hub.") from error
    except RuntimeError as error:
        fault = read_fault(error)
    assert fault.connection
    assert fault.said == "by peer"


def test_a_status_that_only_the_text_tells():
    fault = read_fault(ConnectionError("HTTP status client error (401 Unauthorized), domain: x"))
    assert (fault.status, fault.passing) == (401, False)
    fault = read_fault(ConnectionError("HTTP status server error (503 Service Unavailable)"))
    assert (fault.status, fault.passing) == (503, True)


def test_a_full_disk_is_of_this_machine():
    fault = read_fault(OSError(errno.ENOSPC, "No space left on device"))
    found = told(fault, "download x", HOST, REPO)
    assert isinstance(found, HubRefused)
    assert "this machine failed" in str(found)
    assert "No space left" in str(found)


def test_an_environment_without_network():
    found = told(read_fault(OfflineModeIsEnabled("offline")), "look", HOST, REPO)
    assert isinstance(found, HubRefused)
    assert "HF_HUB_OFFLINE" in str(found)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_passes_is_unavailable(status):
    assert isinstance(told(Fault(status, "", "x"), "y", HOST, REPO), HubUnavailable)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 412, 413, 422])
def test_what_stays_is_refused(status):
    assert isinstance(told(Fault(status, "", "x"), "y", HOST, REPO), HubRefused)


def test_waits_grow_to_a_bound_and_follow_the_host():
    patience = Patience(first=1, most=5)
    assert [patience.before(turn, None) for turn in range(4)] == [1, 2, 4, 5]
    assert patience.before(0, 42) == 42


def test_lines_of_the_library_are_told_without_secrets_and_then_as_before(caplog):
    log = logging.getLogger("huggingface_hub.some")
    above = logging.getLogger("huggingface_hub")
    before = above.handlers[:], above.propagate, above.level
    lines = []
    with quiet(lines.append, "s3cret"):
        log.warning("retrying with %s at https://host/a?sig=1", "s3cret")
        log.info("nothing to tell")
    assert lines == ["retrying with (token) at https://host/a"]
    assert (above.handlers, above.propagate, above.level) == before
    assert "s3cret" not in caplog.text


def test_accounts():
    def who(role, **orgs):
        return {
            "name": "ada",
            "orgs": [{"name": name, "roleInOrg": in_it} for name, in_it in orgs.items()],
            "auth": {"accessToken": {"role": role}},
        }

    assert refusal(who("write"), "Ada") == ""
    assert refusal(who("write", lab="contributor"), "lab") == ""
    assert refusal(who("fineGrained"), "lab") == ""
    assert refusal({"name": "ada"}, "lab") == ""
    assert "only reads" in refusal(who("read"), "ada")
    assert "only reads in lab" in refusal(who("write", lab="read"), "lab")
    assert "may write to ada, lab" in refusal(who("write", lab="admin"), "grace")


def test_versions_are_ordered_by_number():
    assert versions(["v1.10.0", "v1.9.0", "v0.0.1", "old", "v1.0"]) == [
        "v0.0.1",
        "v1.9.0",
        "v1.10.0",
    ]
    assert raised("v1.9.9") == "v1.9.10"


def test_files_are_hashed_as_git_and_the_host_do(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_bytes(b"hello\n")
    (found,) = local_files(tmp_path)
    assert (found.path, found.size) == ("a/b.txt", 6)
    assert found.git == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert found.sha256 == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"


def test_differences_are_named(tmp_path):
    (tmp_path / "x").write_bytes(b"one")
    (tmp_path / "y").write_bytes(b"two")
    local = {file.path: file for file in local_files(tmp_path)}
    remote = {
        "x": RemoteFile("x", 3, "0" * 40, None),
        "z": RemoteFile("z", 1, "0" * 40, None),
        "kept": RemoteFile("kept", 1, "0" * 40, None),
        ".gitattributes": RemoteFile(".gitattributes", 1, "0" * 40, None),
    }
    assert differences(local, remote, frozenset({"kept"})) == [
        "x holds other bytes of the same number",
        "y is missing",
        "z is not of this release",
    ]
    large = RemoteFile("x", 3, "0" * 40, local["x"].sha256)
    assert differences({"x": local["x"]}, {"x": large}, frozenset()) == []


def test_lists_of_checksums_are_read():
    assert listed("aa  data/x y.parquet\nbb *b\n\ncc  ./c\n") == {
        "data/x y.parquet": "aa",
        "b": "bb",
        "c": "cc",
    }
