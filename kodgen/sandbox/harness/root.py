"""The small file tree that trials see: system libraries and the interpreter, read-only.

Built once for each fork server, in a mount namespace of its own; each run then only gets its
private tmpfs on top. What is not named here does not exist for a trial: no home
folders, no /var, no /run, no working directory of the caller.
"""

import functools
import os
import sys
from pathlib import Path

from . import kernel
from .settings import ISOLATED

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives")
_PREFIX_PARTS = ("bin", "lib", "lib64", "share")
"""The rest of a prefix may hold settings with secrets, such as an index's password in pip.conf."""
_DEVICES = ("null", "zero", "full", "random", "urandom")
_STAGE = "/tmp"  # noqa: S108 - covered by a tmpfs in our own mount namespace
_OLD = "/.old"
SCRATCH = "/.scratch"
_TREE_BYTES = 1024 * 1024
_HARMLESS = kernel.MS_NOSUID | kernel.MS_NODEV
_NOBODY_FILES = {
    "/etc/passwd": "sandbox:x:{uid}:{uid}::/sandbox/work:/usr/sbin/nologin\n",
    "/etc/group": "sandbox:x:{uid}:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
}


def enter_user_namespace() -> None:
    """As an ordinary user: get the right to mount, in a namespace where only this user exists."""
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")


def _write(path: str, text: str) -> None:
    # One write(2): the kernel takes a map in a single call only.
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


@functools.cache
def interpreter_folders() -> list[str]:
    """Folders this interpreter needs, beyond the system's: parts of its prefixes, and its path."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    found = {str(Path(p) / part) for p in prefixes for part in _PREFIX_PARTS}
    found |= {os.path.realpath(path) for path in found}
    return sorted(path for path in found if Path(path).is_dir())


def build(uid: int, shown: list[str]) -> None:
    """Make the small tree and make it this process's root.

    Args:
        uid: Whom a trial will run as.
        shown: Files and folders that the interpreter's packages lie in besides.

    Raises:
        OSError: The kernel refused a step; the message names it.
    """
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    links, sources = _plan(shown)
    # The stage covers /tmp, which may hold sources: they are opened before, named by descriptor.
    opened = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in sources}
    kernel.mount(
        "tmpfs", _STAGE, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, f"size={_TREE_BYTES},mode=755"
    )
    for path, descriptor in opened.items():
        _bind(descriptor, _STAGE + path)
        os.close(descriptor)
    for path, target in links.items():
        Path(_STAGE + path).parent.mkdir(parents=True, exist_ok=True)
        Path(_STAGE + path).symlink_to(target)
    for path in (ISOLATED.source, ISOLATED.work, ISOLATED.tmp, "/dev/shm", SCRATCH, _OLD):  # noqa: S108
        Path(_STAGE + path).mkdir(parents=True, exist_ok=True)
    for path, text in _NOBODY_FILES.items():
        Path(_STAGE + path).parent.mkdir(exist_ok=True)
        Path(_STAGE + path).write_text(text.format(uid=uid))
    for name in ("fd", "stdin", "stdout", "stderr"):
        number = "" if name == "fd" else f"/{('stdin', 'stdout', 'stderr').index(name)}"
        Path(f"{_STAGE}/dev/{name}").symlink_to(f"/proc/self/fd{number}")
    # A user namespace may mount its own /proc only while it can see a whole one.
    Path(_STAGE + "/proc").mkdir()
    kernel.mount("/proc", _STAGE + "/proc", None, kernel.MS_BIND | kernel.MS_REC)
    kernel.pivot_root(_STAGE, _STAGE + _OLD)
    os.chdir("/")
    kernel.unmount(_OLD)
    Path(_OLD).rmdir()
    flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY
    kernel.mount(None, "/", None, flags | _HARMLESS)
    # In place of the whole one: that of our own pid namespace.
    try:
        kernel.mount("proc", "/proc", "proc", _HARMLESS | kernel.MS_NOEXEC, "subset=pid")
    except OSError:
        # Kernels before 5.8 don't know the option.
        kernel.mount("proc", "/proc", "proc", _HARMLESS | kernel.MS_NOEXEC)


def _plan(shown: list[str]) -> tuple[dict[str, str], list[str]]:
    """Symbolic links to make (path to target), and paths to bind, parents first."""
    links = {path: str(Path(path).readlink()) for path in _SYSTEM if Path(path).is_symlink()}
    wanted = [path for path in _SYSTEM if path not in links and Path(path).is_dir()]
    for folder in interpreter_folders():
        if Path(folder).is_symlink():
            links[folder] = str(Path(folder).readlink())
        else:
            wanted.append(folder)
    wanted += [path for path in shown if Path(path).exists()]
    chosen: list[str] = []
    for path in sorted(wanted):
        if not _below(path, [*chosen, *links]):
            chosen.append(path)
    links = {path: target for path, target in links.items() if not _below(path, chosen)}
    # By it a Python that a trial starts knows its virtual environment.
    files = (*_SYSTEM_FILES, f"{sys.prefix}/pyvenv.cfg")
    chosen += [path for path in files if Path(path).exists()]
    return links, chosen + [f"/dev/{name}" for name in _DEVICES]


def needed(shown: list[str]) -> list[str]:
    """What a trial reads, folders, files and devices, where it has no tree of its own."""
    return _plan(shown)[1]


def _below(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)


def _mount_open(descriptor: int, target: str) -> None:
    """Mount an open file or folder at a place that is made for it."""
    source = f"/proc/self/fd/{descriptor}"
    if os.path.isdir(source):  # noqa: PTH112 - follows the kernel's link to the open folder
        Path(target).mkdir(parents=True, exist_ok=True)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    kernel.mount(source, target, None, kernel.MS_BIND | kernel.MS_REC)


def _bind(descriptor: int, target: str) -> None:
    _mount_open(descriptor, target)
    if not target.startswith(_STAGE + "/dev/"):
        kernel.make_read_only(target)


_PRIVATE = (
    ("source", ISOLATED.source, 0o755),
    ("work", ISOLATED.work, 0o755),
    ("tmp", ISOLATED.tmp, 0o1777),
    ("shm", "/dev/shm", 0o1777),  # noqa: S108
)
"""Folders of a run: name on its tmpfs, where it is mounted, mode."""


def covered(shown: list[str]) -> list[str]:
    """What a run's private folders would cover of the interpreter and its packages."""
    needed = [*interpreter_folders(), *(path for path in shown if Path(path).exists())]
    return [path for path in needed if _below(path, [ISOLATED.tmp])]


def furnish(scratch_bytes: int, owner: int | None, put_back: list[str]) -> None:
    """For each run: one capped tmpfs, new, for all that can be written.

    What `put_back` names is covered by the private folders and comes back on top of them.
    """
    inodes = max(1024, scratch_bytes // 4096)
    size = f"size={scratch_bytes},nr_inodes={inodes},mode=755"
    kernel.mount("tmpfs", SCRATCH, "tmpfs", _HARMLESS, size)
    opened = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in put_back}
    for name, target, mode in _PRIVATE:
        folder = f"{SCRATCH}/{name}"
        os.mkdir(folder)  # noqa: PTH102 - on every run's path, as the two below
        os.chmod(folder, mode)  # noqa: PTH101
        if owner is not None and name == "work":
            os.chown(folder, owner, owner)
        kernel.mount(folder, target, None, kernel.MS_BIND)
    for path, descriptor in opened.items():
        _mount_open(descriptor, path)
        os.close(descriptor)
    kernel.unmount(SCRATCH)


def place(files: dict[str, bytes]) -> None:
    """Write files to the source folder, which is then read-only."""
    write_sources(ISOLATED.source, files)
    flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY
    kernel.mount(None, ISOLATED.source, None, flags | _HARMLESS)


def clear() -> None:
    """Take a run's folders away; what was written in them is gone."""
    for _, target, _ in _PRIVATE:
        kernel.unmount(target)


def write_sources(folder: str, files: dict[str, bytes]) -> None:
    """Write a run's files."""
    for name, data in files.items():
        with open(f"{folder}/{name}", "wb") as file:  # noqa: PTH123 - on every run's path
            file.write(data)
