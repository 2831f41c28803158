"""Which of the machine's files an interpreter's packages lie in, and if trials can read them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from kodgen.errors import ConfigError

_MOST_SHOWN = 256
"""Mounts that the modules of a folder may cost: each trial's mount namespace copies them all."""
_OWN_FOLDER = Path(__file__).resolve().parents[2]
_SYSTEM = ("/usr", "/lib", "/lib64")
_PARTS = ("bin", "lib", "lib64", "share")
_WHOLE = {"site-packages", "dist-packages"}
_MODULE_SUFFIXES = (".py", ".so")
_READABLE = 0o005


def require_readable(path: Iterable[str]) -> None:
    """See that other users can read an interpreter's packages: as root, trials run as one.

    To a trial, a package that it can't read would be one that is not installed.

    Raises:
        ConfigError: They can't.
    """
    for entry in map(Path, path):
        if not entry.is_dir():
            continue
        for place in (entry, *(child for child in entry.iterdir() if child.name.isidentifier())):
            if place.is_dir() and place.stat().st_mode & _READABLE != _READABLE:
                raise ConfigError(
                    f"sandbox.python: trials run as a user of their own, who can't read {place}; "
                    f"run `chmod -R go+rX {entry}`"
                )


def shown(
    path: Iterable[str], prefixes: Sequence[str], editable: Iterable[str] = ()
) -> tuple[str, ...]:
    """What lies outside the system and the interpreter, and must be shown to trials besides.

    Packages installed in place (`pip install -e`) lie in a folder of the user's, beside which
    anything may lie: of such a folder only what can be imported is shown, never the folder itself.
    kodgen's own is none of a trial's business.

    Args:
        path: The interpreter's `sys.path`.
        prefixes: Its prefixes, of which `bin`, `lib`, `lib64` and `share` are shown anyway.
        editable: Packages that it finds otherwise.

    Raises:
        ConfigError: A folder holds too many modules.
    """
    known = [*_SYSTEM, *(str(Path(prefix) / part) for prefix in prefixes for part in _PARTS)]
    found: set[str] = set()
    for entry in dict.fromkeys(path):
        place = Path(entry)
        if _below(entry, known):
            continue
        if place.is_file() or (place.is_dir() and place.name in _WHOLE):
            found.add(entry)
        elif place.is_dir() and place.resolve() != _OWN_FOLDER:
            modules = _modules(place)
            if len(modules) > _MOST_SHOWN:
                raise ConfigError(
                    f"sandbox.python: {entry} is on its path and holds {len(modules)} modules; "
                    "install them into the environment instead (`pip install` without -e)"
                )
            found.update(modules)
    for entry in editable:
        place = Path(entry)
        if place.exists() and not _below(entry, known) and place.resolve().parent != _OWN_FOLDER:
            found.add(entry)
    return tuple(sorted(found))


def _modules(folder: Path) -> list[str]:
    """The modules and packages of a folder, by their files."""
    found = []
    for place in folder.iterdir():
        package = place.name.isidentifier() and (place / "__init__.py").is_file()
        module = place.name.endswith(_MODULE_SUFFIXES) and place.is_file()
        if package or module:
            found.append(str(place))
    return found


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)
