"""Names that a solution took from the standard library, and the tests take from the solution.

`from solution import *` gives the tests what the solution imported, too. Such a name is told by
its module and attribute, and the tests' process imports it by itself. Only from modules that are
listed here: none of them has an object that claims to equal another, nor reaches outside.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

MODULES = frozenset(
    {
        "__future__",
        "abc",
        "array",
        "base64",
        "bisect",
        "calendar",
        "cmath",
        "collections",
        "collections.abc",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "math",
        "numbers",
        "operator",
        "random",
        "re",
        "statistics",
        "string",
        "sys",
        "textwrap",
        "time",
        "types",
        "typing",
        "uuid",
    }
)


def origin(value: Any) -> list[str] | None:
    """Where a value can be had besides the solution: its module, and its name unless a module."""
    if isinstance(value, ModuleType):
        name: Any = value.__name__
        return [name, ""] if name in MODULES and sys.modules.get(name) is value else None
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if type(module) is not str or type(name) is not str:
        return None
    # C modules have the names of their own: `_heapq`, `_functools`.
    for place in (module, module.lstrip("_")):
        if place in MODULES and getattr(sys.modules.get(place), name, None) is value:
            return [place, name]
    return None


def resolve(module: Any, name: Any) -> Any:
    """What `origin` told of, in this process.

    Raises:
        LookupError: It is not there, or not for the solution to give.
    """
    if module not in MODULES or type(name) is not str or name.startswith("__"):
        raise LookupError(f"{module} has nothing for a solution to give")
    found = importlib.import_module(module)
    if not name:
        return found
    if not hasattr(found, name):
        raise LookupError(f"{module} has no {name}")
    return getattr(found, name)
