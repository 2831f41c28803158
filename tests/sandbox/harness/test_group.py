import os
from pathlib import Path

from kodgen.sandbox.harness.group import Group


def test_a_group_is_joined_watched_and_ended(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("procs", "events", "kill")]
    for path in paths:
        path.write_text("")
    flags = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)
    descriptors = [os.open(path, flag) for path, flag in zip(paths, flags, strict=True)]
    events = paths[1]
    group = Group(descriptors)
    events.write_text("low 0\noom 1\noom_kill 2\noom_group_kill 1\n")
    group.begin()
    assert not group.struck()
    group.join()
    assert paths[0].read_text() == "0"
    events.write_text("low 0\noom 2\noom_kill 3\noom_group_kill 2\n")
    assert group.struck()
    group.begin()
    assert not group.struck()
    group.end_all()
    assert paths[2].read_text() == "1"
    for descriptor in descriptors:
        os.close(descriptor)


def test_without_a_group_nothing_happens() -> None:
    group = Group([])
    group.begin()
    group.join()
    group.end_all()
    assert not group.struck()


def test_an_old_kernel_has_no_kill(tmp_path: Path) -> None:
    (tmp_path / "procs").write_text("")
    (tmp_path / "events").write_text("oom_kill 0\n")
    descriptors = [
        os.open(tmp_path / "procs", os.O_WRONLY),
        os.open(tmp_path / "events", os.O_RDONLY),
    ]
    group = Group(descriptors)
    group.begin()
    group.end_all()
    assert not group.struck()
    for descriptor in descriptors:
        os.close(descriptor)
