"""Plug-ins: a source and a method of one's own, one short file each, without touching kodgen."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kodgen.config import Source
from kodgen.engine.gather import gather
from kodgen.engine.inputs import seed_digests
from kodgen.errors import ConfigError
from kodgen.methods.registry import _METHODS, methods
from kodgen.pipeline.file import read_pipeline
from kodgen.seeds.registry import _KINDS, OWN
from tests.building import GOOD, kodgen, pipeline_file, rows
from tests.replay_server import ReplayServer

SOURCE = '''
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from kodgen.config import Source
from kodgen.seeds.found import Found
from kodgen.seeds.registry import reads
from kodgen.tables.row import Broken


class Riddles(Source):
    """Texts of one file, with rules between them."""

    type: Literal["riddles"] = "riddles"
    path: Path


@reads(Riddles)
def read_riddles(section: Riddles, base: Path) -> Iterator[Found | Broken]:
    """Find every text."""
    for number, text in enumerate((base / section.path).read_text().split("---"), start=1):
        place = f"riddle {number}"
        if text.strip():
            yield Found(place, f"{section.path}:{number}", text.strip(), section.license)
        else:
            yield Broken(place, "empty_text", "holds nothing; fill it in", text)
'''

METHOD = '''
from kodgen.methods.base import Method
from kodgen.methods.registry import method


@method
class Inverse(Method):
    """From what a function gives back to what it was given."""

    name = "inverse"
    seed_kind = "snippet"
    variants = ("one", "all")
    template = """Here is a function:
{{ seeds[0] }}
Ask for its inverse: {{ variant }} of the arguments that give a result.
Answer between <question> and </question>."""
'''

RIDDLES = "def twice(a): return 2 * a\n---\n\n---\ndef sign(a): return a > 0\n"
SUBSET = {
    "name": "back",
    "method": "inverse",
    "seeds": {"type": "riddles", "path": "riddles.txt", "license": "MIT"},
}


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What plug-ins make known in this process is forgotten with their test."""
    # Ours become known when one is first asked for, which else may be in a test.
    methods()
    for module in OWN:
        import_module(f"kodgen.seeds.{module}")
    known: list[dict[Any, Any]] = [_METHODS, _KINDS, Source.sources]
    before = [dict(one) for one in known]
    yield
    for one, held in zip(known, before, strict=True):
        one.clear()
        one.update(held)
    for name in [name for name in sys.modules if name.startswith("kodgen_plugin_")]:
        del sys.modules[name]


def written(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "riddles.txt").write_text(RIDDLES, encoding="utf-8")
    return [f"{name}.py" for name in files]


@pytest.mark.usefixtures("shared_ray")
def test_a_source_and_a_method_of_one_s_own_make_rows_with_lineage(tmp_path: Path) -> None:
    prompts = {}

    def answers(body, request):
        stage, text = request.split("/", 1)[0], body["messages"][-1]["content"]
        if stage == "solve":
            return GOOD
        prompts[request] = text
        return f"<question>\nUndo the function of {len(text)} letters.\n</question>"

    plugins = written(tmp_path, riddles=SOURCE, inverse=METHOD)
    with ReplayServer(answers) as server:
        file = pipeline_file(tmp_path, server.url, plugins=plugins, subsets=[SUBSET])
        done = kodgen("build", file)
    assert done.returncode == 0, done.stderr
    run = tmp_path / "runs" / "run"
    draws = {row["id"]: row for row in rows(run, "seeds")}
    verified = rows(run, "solve")
    assert len(verified) == 2
    for row in verified:
        draw = draws[row["id"]]
        (seed,) = draw["seeds"]
        assert row["id"].startswith("question:back/inverse/")
        assert list(row["seed_ids"]) == [seed["id"]]
        assert (row["licenses"], row["method"]) == (["MIT"], "inverse")
        assert row["variant"] == draw["variant"] in {"one", "all"}
        shown = prompts[f"synthesize/{row['id']}/0"]
        assert shown.startswith(f"Here is a function:\n{seed['text']}\n")
        assert f"its inverse: {row['variant']} of" in shown
    assert {seed["origin"] for draw in draws.values() for seed in draw["seeds"]} == {
        "riddles.txt:1",
        "riddles.txt:3",
    }
    (broken,) = rows(run, "seeds", "rejected")
    assert (broken["id"], broken["reason"]) == ("seed:back/riddle-2", "empty_text")
    assert "riddle 2: holds nothing" in broken["evidence"]


def told(folder: Path, *plugins: str) -> str:
    file = pipeline_file(folder, "http://127.0.0.1:9/v1", plugins=list(plugins), subsets=[SUBSET])
    with pytest.raises(ConfigError) as caught:
        seed_digests(read_pipeline(file))
    return str(caught.value)


def test_a_plug_in_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "nowhere.py") == (
        f"plug-in nowhere.py: {tmp_path}/nowhere.py: no such file; correct `plugins`"
    )
    assert "plug-in no_such.module: can't be imported (ModuleNotFoundError" in told(
        tmp_path, "no_such.module"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "import no_such_package\n",
            "(ModuleNotFoundError: No module named 'no_such_package', line 1)",
        ),
        ("x = 1\ny = x / 0\n", "(ZeroDivisionError: division by zero, line 2)"),
        ("def broken(:\n", "(SyntaxError: "),
        ("raise SystemExit(3)\n", "(SystemExit: 3, line 1)"),
    ],
)
def test_a_plug_in_that_can_not_be_imported_says_why(tmp_path: Path, text: str, said: str) -> None:
    message = told(tmp_path, *written(tmp_path, mine=text))
    assert message.startswith("plug-in mine.py: can't be imported ")
    assert said in message
    assert message.endswith("; correct it, or remove it from `plugins`")


def test_a_method_s_name_that_is_taken_is_told(tmp_path: Path) -> None:
    message = told(tmp_path, *written(tmp_path, mine=METHOD.replace("inverse", "snippet")))
    assert message == (
        "plug-in mine.py: two methods are named 'snippet': that of kodgen.methods.snippet and "
        f"Inverse of {tmp_path}/mine.py; rename one"
    )


def test_two_plug_ins_with_one_method_are_told_and_an_edited_one_is_not(tmp_path: Path) -> None:
    base = written(tmp_path, riddles=SOURCE, first=METHOD, second=METHOD + "\n")
    message = told(tmp_path, *base)
    assert f"Inverse of {tmp_path}/first.py and Inverse of {tmp_path}/second.py" in message
    plugins = written(tmp_path, riddles=SOURCE, first=METHOD.replace("of the arguments", "of all"))
    file = pipeline_file(tmp_path, "http://127.0.0.1:9/v1", plugins=plugins, subsets=[SUBSET])
    assert read_pipeline(file).subsets[0].method == "inverse"


def test_a_source_s_type_that_is_taken_is_told(tmp_path: Path) -> None:
    message = told(tmp_path, *written(tmp_path, mine=SOURCE.replace('"riddles"', '"table"')))
    assert message.startswith("plug-in mine.py: ")
    assert "kodgen itself reads sources of type 'table'; choose another" in message


def test_two_plug_ins_with_one_type_of_source_are_told(tmp_path: Path) -> None:
    plugins = written(tmp_path, first=SOURCE, second=SOURCE + "\n", inverse=METHOD)
    assert told(tmp_path, *plugins) == (
        f"plug-in second.py: two plug-ins have sources of type 'riddles': {tmp_path}/first.py and "
        f"{tmp_path}/second.py; rename one"
    )


def test_a_section_that_nothing_reads_is_told(tmp_path: Path) -> None:
    unread = SOURCE.replace("@reads(Riddles)\n", "")
    assert told(tmp_path, *written(tmp_path, mine=unread, inverse=METHOD)) == (
        "nothing reads sources of type 'riddles'; their plug-in needs a function decorated with "
        "kodgen.seeds.registry.reads"
    )


def test_a_wrong_key_of_a_plug_in_s_source_is_told_as_any_other(tmp_path: Path) -> None:
    plugins = written(tmp_path, riddles=SOURCE, inverse=METHOD)
    wrong = {**SUBSET, "seeds": {"type": "riddles", "pth": "riddles.txt"}}
    file = pipeline_file(tmp_path, "http://127.0.0.1:9/v1", plugins=plugins, subsets=[wrong])
    with pytest.raises(ConfigError, match=r"seeds\.pth: unknown key; did you mean `path`\?"):
        read_pipeline(file)


def test_a_reader_that_fails_is_told_as_the_plug_in_s_fault(tmp_path: Path) -> None:
    broken = SOURCE.replace("place = f", "raise LookupError('no riddle'); place = f")
    plugins = written(tmp_path, riddles=broken, inverse=METHOD)
    file = pipeline_file(tmp_path, "http://127.0.0.1:9/v1", plugins=plugins, subsets=[SUBSET])
    with pytest.raises(ConfigError, match=r"'riddles': their plug-in failed \(LookupError: no rid"):
        gather(read_pipeline(file))
