"""Which methods there are, by name: kodgen's own, and those that plug-ins add."""

import sys
from importlib import import_module

from kodgen.errors import ConfigError
from kodgen.methods.base import Method

OWN = (
    "assessment",
    "documentation",
    "evolve",
    "given",
    "magpie",
    "oss_instruct",
    "prefill",
    "snippet",
)
"""Modules of kodgen's own methods, one each."""

_PACKAGE = __name__.rpartition(".")[0]

RESERVED = frozenset({"annotate", "solve", "restyle", "respond"})
"""Names of stages whose templates lie beside those of methods."""

_METHODS: dict[str, Method] = {}


def method(kind: type[Method]) -> type[Method]:
    """Class decorator: make a method known by its `name`.

    Raises:
        ConfigError: Another method or a stage has that name, or it has none.
    """
    if not kind.__dict__.get("name"):
        raise ConfigError(f"method {_origin(kind)} has no `name`; give it one")
    if kind.name in RESERVED:
        raise ConfigError(
            f"method {_origin(kind)} has the name of a stage, {kind.name!r}; rename it"
        )
    origin, known = _origin(kind), _METHODS.get(kind.name)
    taken = None if known is None else _origin(type(known))
    if kind.name in OWN:
        # Our own are imported when they are asked for, so that a plug-in may come before them.
        module = f"{_PACKAGE}.{kind.name}"
        taken = None if kind.__module__ == module else module
    if taken is not None and taken != origin:
        raise ConfigError(
            f"two methods are named {kind.name!r}: that of {taken} and {origin}; rename one"
        )
    _METHODS[kind.name] = kind()
    return kind


def methods() -> dict[str, Method]:
    """All methods, by name in their order."""
    for module in OWN:
        import_module(f"{_PACKAGE}.{module}")
    return dict(sorted(_METHODS.items()))


def method_of(name: str) -> Method:
    """A method by its name.

    Raises:
        ConfigError: There is none of that name.
    """
    known = methods()
    if name not in known:
        raise ConfigError(f"there is no method {name!r}; there are {', '.join(known)}")
    return known[name]


def _origin(kind: type[Method]) -> str:
    """The class and its module; of a plug-in its file, which stays the same when it is edited."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    ours = kind.__module__.startswith("kodgen.") or file is None
    return f"{kind.__module__}.{kind.__qualname__}" if ours else f"{kind.__qualname__} of {file}"
