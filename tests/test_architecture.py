"""The architecture, held: imports go one way, heavy libraries stay out of start-up."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "kodgen"

HARNESS = PACKAGE / "sandbox" / "harness"

LAYERS = (
    {"errors"},
    {"records", "config", "resources"},
    {"prompts", "tables", "tokens"},
    {"llm", "sandbox", "similarity", "seeds", "formats", "parse"},
    {"methods", "contamination", "consensus", "mutation", "preference", "rewards"},
    {"stages", "pipeline", "report", "hub"},
    {"engine"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
"""Rooms from the bottom up. A room imports from lower layers, and from itself."""

HEAVY = {
    "torch",
    "vllm",
    "ray",
    "faiss",
    "datasets",
    "sentence_transformers",
    "pyarrow",
    "numpy",
    "matplotlib",
}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports_of(path):
    """Every absolute import in a file, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0:
                yield node.module or ""
            else:
                # The harness runs under the user's own Python, outside of kodgen's package.
                assert HARNESS in path.parents, f"{path}: relative import"


def layer_of(room):
    (found,) = [n for n, layer in enumerate(LAYERS) if room in layer]
    return found


def test_every_room_has_a_layer():
    rooms = {room_of(path) for path in modules()} - {"__init__"}
    assert rooms == set().union(*LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    room = room_of(path)
    if room == "__init__":
        return
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "kodgen" or len(parts) == 1 or parts[1] == room:
            continue
        assert layer_of(parts[1]) < layer_of(room), f"{room} may not import {name}"


def test_only_the_engine_imports_ray():
    for path in modules():
        if room_of(path) != "engine":
            assert not any(name.split(".")[0] == "ray" for name in imports_of(path)), path


def test_the_harness_imports_nothing_of_kodgen():
    for path in HARNESS.rglob("*.py"):
        names = {name.split(".")[0] for name in imports_of(path)}
        assert "kodgen" not in names, path


def test_stages_open_no_file_and_never_sleep():
    forbidden = {"open", "sleep", "read_text", "write_text", "read_bytes", "write_bytes"}
    for path in (PACKAGE / "stages").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                name = getattr(called, "attr", getattr(called, "id", ""))
                assert name not in forbidden, f"{path}:{node.lineno} calls {name}"


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=True)


def test_help_imports_nothing_heavy():
    code = (
        "import sys, json, kodgen.cli\n"
        "try:\n    kodgen.cli.cli(['--help'], standalone_mode=False)\n"
        "finally:\n    print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    loaded = set(json.loads(run(sys.executable, "-c", code).stdout.splitlines()[-1]))
    assert not loaded & HEAVY
    assert "click" in loaded  # the list is that of a process that really ran the command line


def test_help_comes_at_once():
    def seconds():
        before = os.times()
        run(sys.executable, "-m", "kodgen", "--help")
        after = os.times()
        user = after.children_user - before.children_user
        return user + after.children_system - before.children_system

    # Of CPU, and the best of several: other tests keep the machine busy meanwhile.
    assert min(seconds() for _ in range(5)) < 0.3


@pytest.mark.parametrize(
    "command",
    [
        "build",
        "preview",
        "plan",
        "batch",
        "verify",
        "audit",
        "doctor",
        "explain",
        "release",
        "report",
        "seeds",
        "show",
        "schema",
    ],
)
def test_every_command_has_help(command):
    shown = run(sys.executable, "-m", "kodgen", command, "--help").stdout
    assert shown.startswith(f"Usage: kodgen {command}")
