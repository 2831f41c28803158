"""The figures of an inspection, and how they are told."""

import json

import pytest

from kodgen.records import Rejected, Seed
from kodgen.seeds.guessing import guess_type
from kodgen.seeds.inspecting import Bin, Draws, inspected
from kodgen.seeds.telling import inspection_lines
from tests import specimens


def seed(text: str, licence: str = "MIT") -> Seed:
    return specimens.seed(text, "src", license=licence, origin=f"file:{len(text)}")


def rejected(reason: str, number: int) -> Rejected:
    return Rejected(
        id=f"seed:src/line-{number}",
        stage="seeds",
        reason=reason,
        evidence=f"rows.jsonl, line {number}: it is {reason}",
        row="{}",
    )


def told(*args: object, **options: object) -> str:
    return "\n".join(inspection_lines(inspected(*args, **options)))  # type: ignore[arg-type]


def test_lengths_are_counted_in_bins_that_double() -> None:
    # 4 characters are a token: 1, 1, 2, 3, 4 and 40 tokens.
    found = inspected("s", (), [seed("x" * n) for n in (1, 4, 5, 12, 13, 160)], ())
    lengths = found.lengths
    assert lengths is not None
    assert (lengths.least, lengths.median, lengths.most) == (1, 5, 160)
    assert lengths.bins == (
        *(Bin(1, 2, 2), Bin(2, 4, 2), Bin(4, 8, 1)),
        *(Bin(8, 16, 0), Bin(16, 32, 0), Bin(32, 64, 1)),
    )


def test_95_percent_of_the_lengths_are_no_longer_than_said() -> None:
    found = inspected("s", (), [seed("x" * n) for n in range(1, 101)], ())
    assert found.lengths is not None
    assert found.lengths.longest_but_5_percent == 95
    assert found.lengths.median == 50


def test_rejects_and_licences_come_by_frequency_with_the_first_examples() -> None:
    reasons = ["empty_text", "missing_text", *["empty_text"] * 4]
    seeds = [seed("a", "unknown"), seed("b"), seed("c"), seed("d", "0BSD")]
    found = inspected("s", (), seeds, [rejected(name, n) for n, name in enumerate(reasons)])
    assert [(one.reason, one.count) for one in found.rejected] == [
        ("empty_text", 5),
        ("missing_text", 1),
    ]
    assert found.rejected[0].examples == tuple(
        f"rows.jsonl, line {n}: it is empty_text" for n in (0, 2, 3)
    )
    assert list(found.licenses.items()) == [("MIT", 2), ("0BSD", 1), ("unknown", 1)]


def test_samples_do_not_depend_on_the_order_of_the_seeds() -> None:
    seeds = [seed(f"text {n}") for n in range(50)]
    samples = inspected("s", (), seeds, ()).samples
    assert len(samples) == 3
    assert inspected("s", (), seeds[::-1], ()).samples == samples
    assert {one.text for one in samples} != {"text 0", "text 1", "text 2"}


def test_all_of_it_is_told() -> None:
    text = told(
        "subset A",
        ["table (path: rows.jsonl)"],
        [seed("one\ttwo\x1b[31m"), seed("three", "unknown")],
        [rejected("empty_text", n) for n in range(5)],
        Draws(questions=9, seeds_each=3, passes=13.5),
    )
    assert "2 seeds, 5 rejected" in text
    assert "9 questions to be drawn, 3 seeds each: every seed 13.5 times on average" in text
    assert "rejected: 5 empty_text" in text
    assert "rows.jsonl, line 0: it is empty_text" in text
    assert "and 2 more" in text
    assert "1  unknown   (no release until it is known)" in text
    assert "sample: file:5 (unknown, 5 characters)" in text
    assert "\x1b" not in text


def test_long_samples_are_shortened() -> None:
    text = told("s", [], [seed("\n".join(["word " * 40] * 30))], ())
    lines = text.splitlines()
    assert all(len(line) < 120 for line in lines)
    assert sum(line.startswith("    |") for line in lines) == 13
    assert "more lines" in lines[-1]


@pytest.mark.parametrize(
    ("draws", "expected"),
    [
        (Draws(6, 0, None), "6 questions to be drawn, without seeds"),
        (Draws(2, 1, 1), "2 questions to be drawn: every seed once"),
        (Draws(1, 1, 0.5), "1 questions to be drawn: 50.0% of the seeds, once each"),
    ],
)
def test_questions_are_told_with_the_passes_over_the_seeds(draws: Draws, expected: str) -> None:
    seeds = [seed("a"), seed("b")] if draws.passes else []
    assert expected in told("s", [], seeds, (), draws)


def test_without_seeds_nothing_is_told_of_them() -> None:
    found = inspected("s", (), (), ())
    assert found.lengths is None
    assert "0 seeds, 0 rejected" in "\n".join(inspection_lines(found))


def test_it_is_all_data_too() -> None:
    found = inspected("s", ["table"], [seed("a")], [rejected("empty_text", 1)], Draws(1, 1, 1))
    data = json.loads(json.dumps(found.as_dict()))
    assert data["seeds"] == 1
    assert data["rejected"][0]["reason"] == "empty_text"
    assert data["samples"][0]["text"] == "a"
    assert data["draws"] == {"questions": 1, "seeds_each": 1, "passes": 1}


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["a.py", "b.py", "README.md"], "code"),
        (["index.rst", "guide.MD", "conf.py"], "documentation"),
        (["a.py", "a.md"], "code"),
        (["data/train-0.parquet", "README.md", "data/train-1.parquet"], "hub"),
        (["a.rs", "LICENSE"], "folder"),
        ([], "folder"),
    ],
)
def test_a_folder_is_what_most_of_its_files_are(names: list[str], kind: str) -> None:
    assert guess_type(names) == kind
