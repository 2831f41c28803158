"""Which Pythons trials may run under, and what is said of the others; with real interpreters."""

import sys
import venv
from pathlib import Path

import pytest

from kodgen.errors import ConfigError
from kodgen.sandbox.interpreter import Environment, examine


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def refusal(python: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        examine(python)
    message = str(caught.value)
    assert message.startswith(f"sandbox.python: {python}")
    return message


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A virtual environment with nothing in it."""
    folder = tmp_path / "bare"
    venv.create(folder, symlinks=True)
    return folder


def site_packages(environment: Path) -> Path:
    return next(environment.glob("lib/python3*/site-packages"))


def own_packages() -> list[str]:
    return [path for path in sys.path if path.endswith("site-packages")]


def test_kodgen_s_own_python_is_the_default() -> None:
    found = examine(None)
    assert found.executable == sys.executable
    details = found.environment.details
    assert details["python"] == sys.version.split()[0]
    assert details["implementation"] == "cpython"
    assert {"pytest", "coverage", "numpy"} <= set(details["packages"])
    assert details["packages"]["pytest"] == pytest.__version__
    assert list(details["packages"]) == sorted(details["packages"])


def test_a_digest_is_of_versions_not_of_places(bare: Path, tmp_path: Path) -> None:
    (site_packages(bare) / "more.pth").write_text("\n".join(own_packages()))
    link = tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(bare)
    first, second = examine(bare), examine(link / "bin" / "python")
    assert first.executable != second.executable
    assert first.environment == second.environment
    (site_packages(bare) / "one_more-1.0.dist-info").mkdir()
    assert examine(bare).environment.digest != first.environment.digest


def test_packages_of_another_environment_are_shown(bare: Path) -> None:
    (site_packages(bare) / "more.pth").write_text("\n".join(own_packages()))
    found = examine(bare)
    assert found.executable == str(bare / "bin" / "python")
    assert set(own_packages()) <= set(found.shown)
    assert found.environment.details["packages"]["pytest"] == pytest.__version__


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "none")
    (tmp_path / "folder").mkdir()
    message = refusal(tmp_path / "folder")
    assert "without bin/python" in message
    assert f"{tmp_path}/folder/bin/python -m pip install pytest coverage" in message


def test_a_dangling_link_names_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "gone")
    with pytest.raises(ConfigError, match=f"link to {tmp_path}/gone, which is gone; make the"):
        examine(tmp_path)


def test_what_can_t_be_executed_is_said(tmp_path: Path) -> None:
    file = tmp_path / "python"
    file.write_text("")
    assert "may not be executed" in refusal(file)
    file.write_bytes(b"\x7fELF of another machine")
    file.chmod(0o755)
    assert "does not run (Exec format error)" in refusal(file)


def test_what_is_no_python_is_said(tmp_path: Path) -> None:
    message = refusal(script(tmp_path / "python", "echo unknown option: -I >&2; exit 2"))
    assert "no Python 3.11 or later that works" in message
    assert "status 2 and said 'unknown option: -I'" in message


def test_an_interpreter_that_is_killed_is_asked_again(tmp_path: Path) -> None:
    once = f'[ -e "{tmp_path}/killed" ] || {{ touch "{tmp_path}/killed"; kill -9 $$; }}\n'
    wrapper = script(tmp_path / "shim", f'{once}exec "{sys.executable}" "$@"\n')
    assert examine(wrapper).executable == sys.executable
    assert "status -9" in refusal(script(tmp_path / "python", "kill -9 $$"))


def test_an_old_python_is_said_to_be_one(tmp_path: Path) -> None:
    text = """echo '{"version": [3, 9, 2], "python": "3.9.2"}'"""
    assert "is Python 3.9.2; trials need 3.11 or later" in refusal(script(tmp_path / "py", text))


def test_missing_tools_are_named_with_what_installs_them(bare: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        examine(bare)
    python = bare / "bin" / "python"
    assert "lacks pytest and coverage" in str(caught.value)
    assert f"run `{python} -m pip install pytest coverage`" in str(caught.value)


def test_old_tools_are_named_with_their_versions(bare: Path) -> None:
    packages = site_packages(bare)
    for name, version in (("pytest", "7.4.2"), ("coverage", "7.6.1")):
        (packages / f"{name}.py").write_text("")
        (packages / f"{name}-{version}.dist-info").mkdir()
    with pytest.raises(ConfigError, match=r"has pytest 7\.4\.2; trials need 8\.3 or later"):
        examine(bare)


def test_a_wrapper_stands_for_what_it_starts(tmp_path: Path) -> None:
    wrapper = script(tmp_path / "shim", f'exec "{sys.executable}" "$@"\n')
    assert examine(wrapper).executable == sys.executable


def test_metadata_of_every_age_is_read(bare: Path) -> None:
    packages = site_packages(bare)
    (packages / "more.pth").write_text("\n".join(own_packages()))
    (packages / "Some.Thing_x-2.0.dist-info").mkdir()
    (packages / "pytest-0.1.dist-info").mkdir()
    (packages / "old-1.5-py3.11.egg-info").write_text("Name: old\nVersion: 1.5\n")
    (packages / "develop.egg-info").mkdir()
    (packages / "develop.egg-info" / "PKG-INFO").write_text("Name: develop\nVersion: 3.1\n")
    (packages / "strange.egg-info").mkdir()
    with pytest.raises(ConfigError, match=r"pytest 0\.1"):
        examine(bare)
    (packages / "pytest-0.1.dist-info").rmdir()
    found = examine(bare).environment.details["packages"]
    assert found["some-thing-x"] == "2.0"
    assert found["old"] == "1.5"
    assert found["develop"] == "3.1"
    assert found["strange"] == "unknown"


def test_the_order_of_a_description_does_not_matter() -> None:
    found = {"python": "3.11.7", "implementation": "cpython", "machine": "x86_64", "path": ["/a"]}
    one = Environment.of(found | {"packages": {"a": "1", "b": "2"}})
    two = Environment.of(found | {"packages": {"b": "2", "a": "1"}, "path": ["/b"]})
    assert one.digest == two.digest
    assert len(one.digest) == 12


def test_relative_places_are_those_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sys.prefix)
    assert examine(Path("bin/python")).executable == f"{sys.prefix}/bin/python"
