import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kodgen.sandbox import cgroups
from kodgen.sandbox.cgroups import Cgroups, NoCgroups

MIB = 1024 * 1024


class Tree:
    """A folder that looks like a tree of cgroups, as far as this module looks."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mount = folder / "cgroup"
        self._monkeypatch = monkeypatch
        mountinfo = folder / "mountinfo"
        mountinfo.write_text(
            "30 23 0:26 / /proc rw - proc proc rw\n"
            f"31 23 0:27 / {self.mount} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
        )
        monkeypatch.setattr(cgroups, "MOUNTINFO", mountinfo)
        monkeypatch.setattr(cgroups, "make_group", self.make)
        self.make(self.mount, "cpu memory pids")
        self.live_in("/")

    def make(self, folder: Path, controllers: str = "memory pids") -> None:
        """Make a folder, with what the kernel would put into it."""
        folder.mkdir()
        (folder / "cgroup.controllers").write_text(controllers + "\n")
        for name in ("cgroup.subtree_control", "cgroup.procs", "cgroup.type", "cgroup.kill"):
            (folder / name).write_text("")
        (folder / "memory.events").write_text("low 0\nhigh 0\nmax 3\noom 1\noom_kill 2\n")
        (folder / "memory.swap.max").write_text("max\n")

    def live_in(self, path: str) -> None:
        """Have this process be a member of a group."""
        membership = self.mount.parent / "membership"
        membership.write_text(f"1:name=systemd:/x\n0::{path}\n")
        self._monkeypatch.setattr(cgroups, "MEMBERSHIP", membership)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    return Tree(tmp_path, monkeypatch)


def groups(folder: Path) -> list[Path]:
    return sorted(folder.glob("kodgen-*"))


def test_a_containers_own_tree_is_divided(tree: Tree) -> None:
    made = Cgroups(512 * MIB, 64)
    opened = made.slot(3)
    (top,) = groups(tree.mount)
    assert (tree.mount / "cgroup.subtree_control").read_text() == "+memory +pids"
    assert (top / "cgroup.subtree_control").read_text() == "+memory +pids"
    slot = top / "slot-3"
    assert (slot / "memory.max").read_text() == str(512 * MIB)
    assert (slot / "memory.swap.max").read_text() == "0"
    assert (slot / "memory.oom.group").read_text() == "1"
    assert (slot / "pids.max").read_text() == "64"
    os.write(opened.join, b"0")
    os.write(opened.kill, b"1")
    assert (slot / "cgroup.procs").read_text() == "0"
    assert (slot / "cgroup.kill").read_text() == "1"
    assert b"oom_kill 2" in os.pread(opened.events, 4096, 0)
    assert len(opened.descriptors) == 3
    opened.close()
    made.close()


def test_a_process_alone_in_its_group_makes_room(tree: Tree) -> None:
    (tree.mount / "cgroup.procs").write_text(f"{os.getpid()}\n")
    made = Cgroups(MIB, 1)
    (top,) = groups(tree.mount)
    assert (top / "own" / "cgroup.procs").read_text() == str(os.getpid())
    made.close()


def test_a_group_with_others_in_it_is_left_alone(tree: Tree) -> None:
    (tree.mount / "cgroup.procs").write_text(f"{os.getpid()}\n4711\n4712\n")
    with pytest.raises(NoCgroups, match="2 of them"):
        Cgroups(MIB, 1)
    assert groups(tree.mount) == []


def test_a_group_divided_already_may_have_a_full_one_below(tree: Tree) -> None:
    (tree.mount / "cgroup.subtree_control").write_text("memory pids\n")
    tree.make(tree.mount / "main")
    (tree.mount / "main" / "cgroup.procs").write_text(f"{os.getpid()}\n4711\n")
    tree.live_in("/main")
    made = Cgroups(MIB, 1)
    assert len(groups(tree.mount)) == 1
    assert not (groups(tree.mount)[0] / "own").exists()
    made.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="root may write what is not given to it")
def test_root_takes_only_what_is_delegated(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.make(tree.mount / "session.scope")
    (tree.mount / "cgroup.procs").write_text("1\n2\n")
    (tree.mount / "session.scope" / "cgroup.procs").write_text(f"{os.getpid()}\n")
    tree.live_in("/session.scope")
    with pytest.raises(NoCgroups, match="not delegated"):
        Cgroups(MIB, 1)
    monkeypatch.setattr(cgroups, "_marked", lambda folder: folder.name == "session.scope")
    made = Cgroups(MIB, 1)
    assert len(groups(tree.mount / "session.scope")) == 1
    made.close()


def test_missing_controllers_are_named(tree: Tree) -> None:
    (tree.mount / "cgroup.controllers").write_text("cpu pids\n")
    with pytest.raises(NoCgroups, match="no controller for memory"):
        Cgroups(MIB, 1)


def test_a_tree_that_is_not_there_is_said_so(tree: Tree) -> None:
    cgroups.MOUNTINFO.write_text("30 23 0:26 / /proc rw - proc proc rw\n")
    with pytest.raises(NoCgroups, match="version 2"):
        Cgroups(MIB, 1)


def test_what_a_killed_process_left_is_removed_and_what_is_locked_is_not(tree: Tree) -> None:
    living = Cgroups(MIB, 1)
    stale = tree.mount / "kodgen-1-dead"
    (stale / "slot-0").mkdir(parents=True)
    after = Cgroups(MIB, 1)
    assert not stale.exists()
    assert len(groups(tree.mount)) == 2
    living.close()
    after.close()


def real_tree() -> Path | None:
    """Where groups can really be made, with or without controllers."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, _, right = line.partition(" - ")
        if right.startswith("cgroup2 "):
            mount = Path(left.split()[4])
            return mount if os.access(mount, os.W_OK) else None
    return None


@pytest.mark.skipif(real_tree() is None, reason="no cgroup tree that may be written")
def test_a_process_joins_by_a_descriptor_and_is_killed_with_its_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mount = real_tree()
    assert mount is not None
    monkeypatch.setattr(cgroups, "_EVENTS", "cgroup.events")
    folder = mount / f"kodgen-test-{os.getpid()}"
    cgroups.make_group(folder)
    try:
        opened = cgroups.open_group(folder)
        code = (
            "import os, sys, time\nos.write(int(sys.argv[1]), b'0')\n"
            "os.fork()\nos.setsid() if os.fork() == 0 else None\nos.write(1, b'up\\n')\n"
            "time.sleep(60)\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(opened.join)],
            pass_fds=opened.descriptors,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline() == b"up\n"
        assert len((folder / "cgroup.procs").read_text().split()) == 4
        os.write(opened.kill, b"1")
        assert process.wait(10) == -9
        process.stdout.close()
        deadline = time.monotonic() + 10
        while (folder / "cgroup.procs").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (folder / "cgroup.procs").read_text() == ""
        opened.close()
    finally:
        (folder / "cgroup.kill").write_text("1")
        time.sleep(0.05)
        folder.rmdir()
