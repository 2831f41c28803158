"""Which files trials are shown because an interpreter's packages lie in them."""

from pathlib import Path

import pytest

from kodgen.errors import ConfigError
from kodgen.sandbox.reach import require_readable, shown


def test_of_a_user_s_folder_only_modules_are_shown(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for package in ("tool", ".git", "runs", "half"):
        (project / package).mkdir(parents=True)
    for file in ("tool/__init__.py", "single.py", "fast.cpython-311.so", ".env", "secrets.txt"):
        (project / file).write_text("")
    prefix = tmp_path / "prefix"
    (prefix / "lib" / "python3.11").mkdir(parents=True)
    path = ["/usr/lib/python3", str(prefix / "lib" / "python3.11"), str(project), "/no/such"]
    found = shown(path, [str(prefix)])
    names = ("fast.cpython-311.so", "single.py", "tool")
    assert found == tuple(str(project / name) for name in names)


def test_what_an_import_hook_finds_is_shown(tmp_path: Path) -> None:
    (tmp_path / "tool").mkdir()
    assert shown([], [], [str(tmp_path / "tool"), "/no/such"]) == (str(tmp_path / "tool"),)


def test_kodgen_s_own_folder_is_not_shown() -> None:
    here = Path(__file__).resolve().parents[2]
    assert shown([str(here)], [], [str(here / "kodgen")]) == ()


def test_a_folder_of_too_many_modules_is_refused(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"m{number}.py").write_text("")
    with pytest.raises(ConfigError, match="holds 300 modules"):
        shown([str(tmp_path)], [])


@pytest.mark.parametrize("closed", ["site-packages", "site-packages/tool"])
def test_packages_that_others_can_t_read_are_refused(tmp_path: Path, closed: str) -> None:
    folder = tmp_path / "site-packages"
    (folder / "tool").mkdir(parents=True)
    (folder / ".cache").mkdir(mode=0o700)
    require_readable([str(folder), "/no/such"])
    (tmp_path / closed).chmod(0o750)
    with pytest.raises(ConfigError, match=f"can't read {tmp_path}/{closed}; .*chmod -R go.rX"):
        require_readable([str(folder)])
