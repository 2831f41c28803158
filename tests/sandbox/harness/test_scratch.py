import os
import subprocess
import sys
from pathlib import Path

import pytest

from kodgen.sandbox.harness import scratch

REPOSITORY = Path(__file__).resolve().parents[3]
DEEP = 1000


def dig(folder: Path, depth: int, name: str = "d" * 60) -> None:
    """Make folders within folders, deeper than any path can name."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=at)
        inner = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)


def hostile(folder: Path, outside: Path) -> None:
    dig(folder, DEEP)
    dig(folder, 30, "0")
    (folder / "1").mkdir()
    (folder / "locked" / "inner").mkdir(parents=True)
    (folder / "locked" / "inner" / "file").write_text("x")
    (folder / "locked" / "inner").chmod(0)
    (folder / "locked").chmod(0o100)
    (folder / "sealed").touch(mode=0)
    (folder / "link").symlink_to(outside)
    (folder / "links").mkdir()
    (folder / "links" / "up").symlink_to("../..")
    os.mkfifo(folder / "fifo")
    (Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff\nname"))).touch()


def test_any_tree_is_emptied_and_nothing_outside(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "kept").touch()
    hostile(inside, outside)
    scratch.empty(str(inside))
    assert list(inside.iterdir()) == []
    assert [path.name for path in outside.iterdir()] == ["kept"]


@pytest.mark.skipif(os.geteuid() != 0, reason="changes its user, as root only")
def test_an_ordinary_user_empties_what_is_locked(open_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from kodgen.sandbox.harness import scratch\n"
        "from tests.sandbox.harness.test_scratch import hostile\n"
        "os.setgid(65534)\nos.setuid(65534)\n"
        f"inside, outside = Path({str(open_path)!r}, 'inside'), Path({str(open_path)!r}, 'outside')\n"
        "inside.mkdir()\noutside.mkdir()\nhostile(inside, outside)\n"
        "scratch.usage(str(inside), 10**6)\nscratch.empty(str(inside))\n"
        "assert list(inside.iterdir()) == [] and outside.is_dir()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_folder_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "kept").touch()
    (tmp_path / "link").symlink_to("target")
    with pytest.raises(OSError, match="link"):
        scratch.empty(str(tmp_path / "link"))
    assert (tmp_path / "target" / "kept").exists()


def test_bytes_and_entries_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "big").write_bytes(b"x" * 2**20)
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(2**30)
    used, entries = scratch.usage(str(tmp_path), 1000)
    assert entries == 4
    assert 2**20 <= used < 2**21


def test_counting_ends_in_time(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / str(number)).touch()
    assert scratch.usage(str(tmp_path), 10)[1] == 11


def test_a_deep_tree_is_counted_with_few_open_files(tmp_path: Path) -> None:
    import resource

    dig(tmp_path, DEEP)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        assert scratch.usage(str(tmp_path), 10**6)[1] == DEEP
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    scratch.empty(str(tmp_path))
