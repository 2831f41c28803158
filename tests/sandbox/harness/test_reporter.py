import importlib
import json
import socket

import pytest

from kodgen.sandbox.harness.channel import Channel
from kodgen.sandbox.harness.reporter import describe, name_of
from kodgen.sandbox.messages import LONGEST_MESSAGE, Collected, decode

NONCE = "a" * 32


class Evil(Exception):
    def __str__(self) -> str:
        raise RuntimeError("never")


def test_names_lose_their_file_and_their_excess() -> None:
    assert name_of("test_solution.py::TestA::test_b[1]") == "TestA::test_b[1]"
    long = name_of("test_solution.py::test_a[" + "x" * 10_000 + "]")
    other = name_of("test_solution.py::test_a[" + "x" * 10_001 + "]")
    assert len(long) <= 300
    assert long != other


def test_an_exception_without_a_text_is_described() -> None:
    assert describe(Evil())["message"] == "Evil: (its text could not be had)"
    assert describe(None) == {"error": "", "module": "", "message": ""}


def test_a_missing_module_is_named() -> None:
    with pytest.raises(ImportError) as caught:
        importlib.import_module("nowhere_to_be_found")
    assert describe(caught.value)["module"] == "nowhere_to_be_found"


def test_texts_are_cut() -> None:
    assert len(describe(ValueError("x" * 10**6))["message"]) <= 1000


def test_what_is_sent_can_be_decoded_however_much_it_is() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    names = [f"test_{'😀' * 100}_{n}" for n in range(300)]
    heard: list[str] = []
    with ours, theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)
        Channel(theirs, NONCE).send_names(names)
        theirs.shutdown(socket.SHUT_WR)
        while datagram := ours.recv(LONGEST_MESSAGE + 1):
            message = decode(datagram, NONCE)
            assert isinstance(message, Collected)
            assert message.total == len(names)
            heard += message.names
    assert heard == names


def test_an_empty_list_is_sent_too() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        Channel(theirs, NONCE).send_names([])
        body = json.loads(ours.recv(LONGEST_MESSAGE)[32:])
    assert body == {"kind": "collected", "names": [], "total": 0}
