"""What a host must not show after hostile code ran on it: canaries planted before, traces after."""

import contextlib
import ctypes
import os
import pwd
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

SECRET = "kodgen-canary-2718281828"
SECRET_NAMES = ("HF_TOKEN", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "WANDB_API_KEY")
MARK = "kodgen_canary"
"""What samples call the files they leave; also the name that their processes take on."""
_PLANTED = "kodgen_planted"
_SLEEPERS = ("sleep\x00307", "sleep\x00308", "sleep\x00309")
_SYSV = ("shm", "msg", "sem")
_PATIENCE_SECONDS = 10.0
_PR_SET_CHILD_SUBREAPER = 36


class Host:
    """Plants canaries at its beginning; `traces` says what was left, or touched."""

    def __init__(self) -> None:
        self._planted: list[Path] = []
        self._touched: list[str] = []
        self._ipc = _ipc_objects()
        self._open = True
        # Orphans then come to this process, and are seen.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.unix_path = f"{tempfile.gettempdir()}/{_PLANTED}_{os.getpid()}.sock"
        self._listeners = [self._listen_tcp(), self._listen_unix()]
        self.port: int = self._listeners[0].getsockname()[1]
        for path in (
            *(home / ".kodgen_canary_secret" for home in _homes()),
            Path.home() / f"{_PLANTED}_{os.getpid()}",
            Path(f"/tmp/{_PLANTED}_{os.getpid()}"),
            Path(f"/dev/shm/{_PLANTED}_{os.getpid()}"),
        ):
            path.write_text(SECRET)
            self._planted.append(path)
        os.environ.update(dict.fromkeys(SECRET_NAMES, SECRET))

    def _listen_tcp(self) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", 0))
        self._watch(listener, "the TCP listener on 127.0.0.1")
        return listener

    def _listen_unix(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.unix_path)
        Path(self.unix_path).chmod(0o777)
        listener.listen()
        self._watch(listener, "the Unix socket")
        return listener

    def _watch(self, listener: socket.socket, name: str) -> None:
        def accept() -> None:
            while self._open:
                with contextlib.suppress(OSError):
                    connection, _ = listener.accept()
                    if self._open:
                        self._touched.append(f"{name} was connected to")
                    connection.close()

        threading.Thread(target=accept, daemon=True).start()

    def fill_in(self, source: str) -> str:
        """A sample's text, told where the canaries are."""
        replaced = source.replace("KODGEN_CANARY_PORT", str(self.port))
        replaced = replaced.replace("KODGEN_CANARY_SOCKET", self.unix_path)
        return replaced.replace("KODGEN_CANARY_FILES", repr([str(p) for p in self._planted]))

    def traces(self, uids: frozenset[int]) -> list[str]:
        """What is there that should not be, once no sandbox runs; `uids` is who trials ran as."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (living := [*_children(), *_marked(uids)]) and time.monotonic() < deadline:
            time.sleep(0.1)
        changed = [str(path) for path in self._planted if not _intact(path)]
        return [
            *living,
            *_files_left(),
            *(f"{path} was changed" for path in changed),
            *(f"IPC object {item}" for item in sorted(_ipc_objects() - self._ipc)),
            *_listening(uids),
            *self._touched,
        ]

    def close(self) -> None:
        """Take the canaries away."""
        self._open = False
        for listener in self._listeners:
            listener.close()
        for path in (*self._planted, Path(self.unix_path)):
            path.unlink(missing_ok=True)


def _homes() -> Iterator[Path]:
    """The home folder of the environment and the user's own, as far as they can be written."""
    for folder in {str(Path.home()), pwd.getpwuid(os.geteuid()).pw_dir}:
        if os.access(folder, os.W_OK):
            yield Path(folder)


def _intact(path: Path) -> bool:
    try:
        return path.read_text() == SECRET
    except OSError:
        return False


def _children() -> list[str]:
    """Processes that came to this one when their parent died, or were never ended."""
    found = []
    for path in Path("/proc/self/task").glob("*/children"):
        # A thread may have ended since it was listed, and a process since it was read.
        with contextlib.suppress(OSError):
            for pid in path.read_text().split():
                with contextlib.suppress(OSError):
                    name = Path(f"/proc/{pid}/comm").read_text().strip()
                    found.append(f"process {pid} ({name}) is left")
    return found


def _marked(uids: frozenset[int]) -> Iterator[str]:
    """Processes that a sample started: by name, by command line, or by user."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name = (folder / "comm").read_text().strip()
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            owner = folder.stat().st_uid
        except OSError:
            continue
        if name == MARK or command.startswith(_SLEEPERS) or owner in uids:
            yield f"process {folder.name} ({name}, user {owner}) is left"


def _files_left() -> list[str]:
    folders = {"/tmp", "/var/tmp", "/dev/shm", str(Path.home()), str(Path.cwd())}
    folders |= {path for path in sys.path if path.endswith("site-packages")}
    return [
        f"file {path} is left"
        for folder in sorted(folders)
        for path in Path(folder).glob(f"{MARK}*")
    ]


def _ipc_objects() -> set[str]:
    found = set()
    for kind in _SYSV:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]
            found |= {f"{kind} {line.split()[1]}" for line in lines}
    with contextlib.suppress(OSError):
        found |= {f"mqueue {path.name}" for path in Path("/dev/mqueue").iterdir()}
    return found


def _listening(uids: frozenset[int]) -> list[str]:
    """TCP sockets that listen and belong to a trial's user."""
    found = []
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == "0A" and int(columns[7]) in uids:
                    found.append(f"user {columns[7]} listens on {columns[1]}")
    return found
