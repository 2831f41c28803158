"""Imports what the user wants imported before any trial, so that no trial pays for it."""

import importlib
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

LONGEST_SECONDS = 60
"""For the import of one module."""
_MOST_SAID = 400


class PreloadError(Exception):
    """A module can't be preloaded; the message says which, why and what to do."""


def preload(names: Iterable[str]) -> None:
    """Import modules, single-threaded ones that exist.

    Raises:
        PreloadError: One does not exist, fails, takes too long, or leaves threads running: a
            process with threads may hold locks that no trial forked from it ever sees released.
    """
    before = _threads()
    for name in _completed(names):
        where = f"sandbox.preload: {name} of {sys.executable}"
        try:
            with _at_most(LONGEST_SECONDS):
                importlib.import_module(name)
        except TimeoutError as error:
            raise PreloadError(f"{where} was not imported within {error}; leave it out") from error
        except ModuleNotFoundError as error:
            raise PreloadError(_missing(where, name, error)) from error
        except BaseException as error:  # whatever a module raises, its own exits too
            # The end of a long message names the cause.
            said = " ".join(str(error).split())[-_MOST_SAID:]
            raise PreloadError(
                f"{where} can't be imported: {type(error).__name__}: {said}; mend it, or leave it "
                "out"
            ) from error
        threads = _threads() - before
        if threads > 0:
            raise PreloadError(
                f"{where} leaves {threads} thread{'s' if threads > 1 else ''} running once it is "
                "imported, which trials can't be forked from; leave it out"
            )


def _completed(names: Iterable[str]) -> Iterator[str]:
    """The modules, and `numpy.random`, which numpy itself leaves to be imported in the trials."""
    yield from names
    if "numpy" in sys.modules:
        yield "numpy.random"


def reseed(seed: int) -> None:
    """In a trial: seed what a preloaded numpy draws from where no generator is named."""
    random = sys.modules.get("numpy.random")
    if random is not None:
        random.seed(seed)


def _missing(where: str, name: str, error: ModuleNotFoundError) -> str:
    if error.name is not None and name.partition(".")[0] == error.name.partition(".")[0]:
        package = name.partition(".")[0]
        return (
            f"{where}: no such module; run `{sys.executable} -m pip install {package}` (or the "
            "package that holds it), or leave it out"
        )
    return f"{where} can't be imported: it needs {error.name!r}, which is not installed"


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - a bare count


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Interrupt what runs for longer. Python code, that is: the supervisor ends what is not."""

    def interrupt(*_: object) -> None:
        raise TimeoutError(f"{seconds} s")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
