"""The command line in processes forked from one that has imported all that it needs.

A command starts with seconds of imports, most of what a small one costs. Here they are made once
per test run: each command is a fork, with streams, environment, folder and exit code of its own.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

IMPORTED = (
    "anyio._backends._asyncio",
    "anyio.streams.tls",
    "faiss",
    "h11",
    "httpcore2",
    "jinja2",
    "kodgen.cli",
    "kodgen.contamination.assembly",
    "kodgen.engine.auditing.running",
    "kodgen.engine.build",
    "kodgen.engine.funnel",
    "kodgen.engine.interrupts",
    "kodgen.llm.openai",
    "kodgen.methods.assessment",
    "kodgen.methods.documentation",
    "kodgen.methods.evolve",
    "kodgen.methods.given",
    "kodgen.methods.magpie",
    "kodgen.methods.oss_instruct",
    "kodgen.methods.prefill",
    "kodgen.methods.snippet",
    "kodgen.pipeline.file",
    "kodgen.seeds.code",
    "kodgen.seeds.definitions",
    "kodgen.seeds.documentation",
    "kodgen.seeds.folder",
    "kodgen.seeds.hub",
    "kodgen.seeds.preset",
    "kodgen.seeds.table",
    "kodgen.similarity.hashing",
    "numpy",
    "openai",
    "pandas",
    "pyarrow.compute",
    "pyarrow.json",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "pydantic.v1",
    "ray._common.pydantic_compat",
    "ray._common.usage.usage_lib",
    "ray._private.arrow_serialization",
    "ray._private.runtime_env.uv_runtime_env_hook",
    "ray.core.generated.usage_pb2",
    "ray.dag",
    "truststore",
)
"""What most commands import sooner or later; none of it opens a connection or starts a process."""


def run(
    arguments: Sequence[str], timeout: float, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, with `environment` beside this process's own.

    Raises:
        TimeoutError: It did not end in that many seconds; it is killed.
    """
    given = json.dumps([arguments, {**os.environ, **environment}, str(Path.cwd())]).encode()
    with socket.socket(socket.AF_UNIX) as connection, ThreadPoolExecutor(2) as readers:
        connection.connect(_server(os.environ.get("RAY_AUTH_TOKEN", "")))
        connection.settimeout(timeout)
        pipes = [os.pipe(), os.pipe()]
        socket.send_fds(
            connection, [len(given).to_bytes(4, "big")], [theirs for _, theirs in pipes]
        )
        for _, theirs in pipes:
            os.close(theirs)
        said = [readers.submit(_all_of, ours) for ours, _ in pipes]
        connection.sendall(given)
        pid = int.from_bytes(connection.recv(4), "big")
        try:
            code = int.from_bytes(connection.recv(4), "big", signed=True)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise
        output, errors = (one.result() for one in said)
    return subprocess.CompletedProcess(list(arguments), code, output, errors)


def _all_of(descriptor: int) -> str:
    with os.fdopen(descriptor, encoding="utf-8") as stream:
        return stream.read()


@lru_cache
def _server(token: str) -> str:
    """Address of the process that forks, which ends with this one.

    Ray keeps the token that it finds when it is imported, so there is a process for each.
    """
    ready, theirs = os.pipe()
    ours, kept = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", f"from tests import forking; forking.serve({theirs}, {ours})"],
        cwd=Path(__file__).resolve().parents[1],
        pass_fds=(theirs, ours),
        stdin=subprocess.DEVNULL,
    )
    os.close(theirs)
    os.close(ours)
    atexit.register(_end, process, kept)
    with os.fdopen(ready) as said:
        return "\0" + said.read()


def _end(process: "subprocess.Popen[bytes]", kept: int) -> None:
    os.close(kept)
    process.wait(30)


def serve(ready: int, until: int) -> None:
    """Fork a command for every connection, until the pipe of whoever asks is closed."""
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()  # else the end of every fork would look through all that was imported
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("")
        listener.listen()
        with os.fdopen(ready, "wb") as said:
            said.write(listener.getsockname()[1:])
        while True:
            if until in select.select([listener, until], [], [])[0]:
                return
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                os.close(until)
                _attend(connection)
            connection.close()
            _reap()


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _attend(connection: socket.socket) -> NoReturn:
    """Fork a command, and say which process it is and how it ended."""
    head, streams, _, _ = socket.recv_fds(connection, 4, 2)
    given = b""
    while len(given) < int.from_bytes(head, "big"):
        given += connection.recv(1 << 16)
    pid = os.fork()
    if pid == 0:
        connection.close()
        _become(*json.loads(given), streams)
    for stream in streams:
        os.close(stream)
    connection.sendall(pid.to_bytes(4, "big"))
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):  # whoever asked may have given up
        connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
    os._exit(0)


def _become(
    arguments: list[str], environment: dict[str, str], folder: str, streams: list[int]
) -> NoReturn:
    """Go on as `python -m kodgen` would, to the interpreter's very end."""
    for number, stream in enumerate(streams, 1):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[0] = folder
    sys.argv = ["kodgen", *arguments]
    from kodgen.cli import main

    main()
    sys.exit(0)
