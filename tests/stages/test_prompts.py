import pickle
from pathlib import Path

import pytest

from kodgen.errors import ConfigError
from kodgen.resources import shipped
from kodgen.stages.prompts import Prompt, load_prompt, load_prompts


def test_values_stand_as_they_are() -> None:
    prompt = Prompt("Task:\n{% for s in seeds %}\n<code>\n{{ s }}\n</code>\n{% endfor %}\nend")
    code = "def f(a):\n    if a < 1 & 2:\n        return '{{ a }}' # \"<b>\"\n"
    assert prompt.render(seeds=[code]) == f"Task:\n<code>\n{code}\n</code>\nend"


def test_version_is_the_hash_of_the_content_alone() -> None:
    assert Prompt("a", "x").version == Prompt("a", "y").version
    assert Prompt("a").version != Prompt("b").version
    assert len(Prompt("a").version) == 12


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ question }}", "question.*it is given seeds"),
        ("line\n{% for %}", "prompt p, line 2"),
        ("{{ seeds.nope }}", "nope"),
    ],
)
def test_wrong_template_is_a_config_error(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Prompt(text, "p").render(seeds=["s"])


def test_prompt_travels_to_another_process() -> None:
    prompt = Prompt("{{ x }}", "p")
    assert prompt.render(x=1) == "1"
    assert pickle.loads(pickle.dumps(prompt)) == prompt


def test_folder_is_loaded_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.j2").write_text("bee", encoding="utf-8")
    (tmp_path / "a.j2").write_text("ay", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no", encoding="utf-8")
    prompts = load_prompts(tmp_path)
    assert list(prompts) == ["a", "b"]
    assert prompts["b"] == load_prompt(tmp_path, "b") == Prompt("bee", "b")


def test_missing_prompt_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no prompts here"):
        load_prompts(tmp_path)
    (tmp_path / "snippet.j2").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'snippet'"):
        load_prompt(tmp_path, "snipet")
    (tmp_path / "bad.j2").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"bad\.j2"):
        load_prompts(tmp_path)


def test_shipped_prompts_render() -> None:
    prompts = load_prompts(shipped("prompts"))
    assert {"assessment", "snippet", "documentation", "solve"} <= set(prompts)
    for method in ("assessment", "snippet", "documentation"):
        for seeds in (["SEED-1\n    deep"], ["SEED-1\n    deep", "SEED-2"]):
            text = prompts[method].render(seeds=seeds)
            assert all(f"\n{seed}\n" in text for seed in seeds)
            assert "<question>" in text
    assert "<abstain>" in prompts["documentation"].render(seeds=["s"])
    solve = prompts["solve"].render(question="What {{ is }} <this>?")
    assert solve.endswith("<task>\nWhat {{ is }} <this>?\n</task>")
    assert "from solution import" in solve
