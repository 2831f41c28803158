"""`kodgen release --dry-run` as a user runs it, with every way to a network shut."""

import json
import os
import subprocess
import sys

import pytest

from tests.building import kodgen
from tests.engine.releasing.runs import BENCHMARK, ROWS, SmallRun
from tests.hub_server import Account, Hub

pytestmark = pytest.mark.slow

GUARD = """
import socket

def _shut(self, address, *rest):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        with open({log!r}, "a") as log:
            log.write(f"{{address}}\\n")
        raise OSError("the network is shut")
    return _connect(self, address, *rest)

def _shut_names(*rest, **others):
    with open({log!r}, "a") as log:
        log.write(f"{{rest}}\\n")
    raise OSError("the network is shut")

_connect = socket.socket.connect
socket.socket.connect = _shut
socket.socket.connect_ex = _shut
socket.getaddrinfo = _shut_names
"""


@pytest.fixture
def shut(tmp_path):
    """What processes of Python need to hold the guard, and the file that it writes to."""
    folder = tmp_path / "guard"
    folder.mkdir()
    log = tmp_path / "reached.txt"
    (folder / "sitecustomize.py").write_text(GUARD.format(log=str(log)))
    # Kodgen is imported from the working directory, which `-m` puts first.
    return {"PYTHONPATH": str(folder)}, log


def test_the_guard_shuts_the_network(shut):
    environment, log = shut
    script = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the network is shut" in done.stderr
    assert log.exists()


def test_a_dry_run_builds_and_checks_all_of_it_without_a_network(tmp_path, shut):
    environment, log = shut
    run = SmallRun().write(tmp_path / "crates")
    given = ["-b", f"sample-tasks={BENCHMARK}", "--reverify", "3", "--json"]
    done = kodgen("release", run, "--repo", "me/crates", "--dry-run", *given, **environment)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["rows"] == {"kodcode": {"train": ROWS}, "trl_sft": {"train": ROWS}}
    assert (told["version"], told["license"], told["reverified"]) == ("v1.0.0", "MIT", 3)
    assert told["url"] is None
    assert not log.exists(), log.read_text()


def test_a_stopped_release_ends_with_its_own_exit_code(tmp_path):
    small = SmallRun(licenses={0: "unknown"})
    run = small.write(tmp_path / "crates")
    given = ["-b", f"sample-tasks={BENCHMARK}"]
    done = kodgen("release", run, "--repo", "me/crates", "--dry-run", *given)
    assert done.returncode == 12
    assert small.id(0) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--repo", "crates"], 11, "no repository name"),
        (["--repo", "me/crates", "--version", "1.0"], 11, "vX.Y.Z"),
        (["--repo", "me/crates"], 2, "name some with -b"),
    ],
)
def test_mistakes_are_told_before_anything_is_done(tmp_path, arguments, code, said):
    run = SmallRun().write(tmp_path / "crates")
    done = kodgen("release", run, "--dry-run", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert not (run / "release.draft").exists()


def test_a_release_and_an_update_of_it_are_uploaded_as_built(tmp_path):
    token = "hf_" + "writeTokenOfTests"
    with Hub() as hub:
        hub.accounts[token] = Account("me")
        environment = {
            "HF_TOKEN": token,
            "HF_HUB_DISABLE_XET": "1",
            "HF_HOME": str(tmp_path / "home"),
        }
        given = ["--repo=me/crates", f"--endpoint={hub.url}", f"-bsample-tasks={BENCHMARK}"]
        given += ["--json", "--reverify=1", "--private"]
        first = SmallRun().write(tmp_path / "one" / "crates")
        done = kodgen("release", first, *given, **environment)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["version"] == "v1.0.0"
        repo = hub.repos["me/crates"]
        assert repo.private
        assert held(repo, "v1.0.0") == built(first / "release")

        changed = SmallRun(licenses={0: "Apache-2.0"}).write(tmp_path / "two" / "crates")
        done = kodgen("release", changed, *given, **environment)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["version"] == "v1.0.1"
        files = held(repo, "v1.0.1")
        assert files == built(changed / "release")
        log = files["CHANGELOG.md"].decode()
        assert "Compared with v1.0.0" in log
        assert "| kodcode | algorithms | 0 | 0 | 1 | 7 |" in log
        assert "added `Apache-2.0`" in log
        assert "## Changes" in files["README.md"].decode()


def held(repo, version):
    return {name: data for name, data in repo.files(version).items() if name != ".gitattributes"}


def built(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
