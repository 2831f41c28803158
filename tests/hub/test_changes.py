"""What changed between two releases, and how the log tells it."""

import pyarrow as pa

from kodgen.hub.changelog import TITLE, changelog, entry
from kodgen.hub.changes import Named, RowCounts, changes, compare_rows

OLD = {
    "version": "v1.0.0",
    "rows": {"default": {"train": 4}, "sft": {"train": 3}},
    "licences": ["apache-2.0"],
    "benchmarks": {"humaneval": "rev1", "mbpp": "rev1"},
    "models": ["writer-7b"],
    "pipeline": {"solve": {"attempts": 5, "keep": [1, 2]}, "seed": 1},
}
NEW = {
    "version": "v1.1.0",
    "rows": {"default": {"train": 5}, "sft": {"train": 3}, "rl": {"test": 2}},
    "licences": ["apache-2.0", "mit"],
    "benchmarks": {"humaneval": "rev2"},
    "models": ["writer-7b"],
    "pipeline": {"solve": {"attempts": 10, "keep": [1, 2]}, "style": "instruct"},
}


def rows(*of):
    columns = ("config", "subset", "id", "sha256")
    return pa.table(
        {c: pa.array([row[i] for row in of], pa.string()) for i, c in enumerate(columns)}
    )


OLD_ROWS = rows(
    ("default", "algo", "q1", "a"),
    ("default", "algo", "q2", "b"),
    ("default", "docs", "q3", "c"),
    ("default", "docs", "q4", "d"),
    ("sft", "algo", "q1", "z"),
)
NEW_ROWS = rows(
    ("sft", "algo", "q1", "z"),
    ("default", "docs", "q5", "e"),
    ("default", "docs", "q4", "d"),
    ("default", "algo", "q2", "other"),
    ("default", "algo", "q1", "a"),
    ("default", "algo", "q6", "f"),
)


def test_rows_are_compared_by_id_and_content_for_each_config_and_subset():
    assert compare_rows(OLD_ROWS, NEW_ROWS) == {
        ("default", "algo"): RowCounts(added=1, removed=0, changed=1, same=1),
        ("default", "docs"): RowCounts(added=1, removed=1, changed=0, same=1),
        ("sft", "algo"): RowCounts(added=0, removed=0, changed=0, same=1),
    }


def test_a_row_of_another_subset_has_changed():
    found = compare_rows(rows(("c", "a", "q", "h")), rows(("c", "b", "q", "h")))
    assert found == {("c", "b"): RowCounts(added=0, removed=0, changed=1, same=0)}


def test_lists_without_config_and_subset_compare():
    old = pa.table({"id": ["a", "b"], "sha256": ["1", "2"]})
    new = pa.table({"sha256": ["1", "3"], "id": ["a", "c"]})
    assert compare_rows(old, new) == {
        ("default", ""): RowCounts(added=1, removed=1, changed=0, same=1)
    }


def test_empty_lists_compare():
    assert compare_rows(OLD_ROWS.slice(0, 0), OLD_ROWS.slice(0, 0)) == {}
    found = compare_rows(OLD_ROWS.slice(0, 0), OLD_ROWS)
    assert sum(of.added for of in found.values()) == 5


def test_names_and_keys_are_compared():
    found = changes(OLD, NEW, old_rows=OLD_ROWS, new_rows=NEW_ROWS)
    assert found.before == "v1.0.0"
    assert found.licences == Named(added=("mit",))
    assert found.benchmarks == Named(removed=("mbpp",), changed=(("humaneval", "rev1", "rev2"),))
    assert not found.models
    assert found.pipeline == Named(
        added=("style",), removed=("seed",), changed=(("solve.attempts", "5", "10"),)
    )
    assert found.counts[("rl", "test")] == (None, 2)
    assert found.counts[("default", "train")] == (4, 5)


def test_the_log_tells_what_changed():
    text = entry(changes(OLD, NEW, old_rows=OLD_ROWS, new_rows=NEW_ROWS))
    assert "Compared with v1.0.0:" in text
    assert "| default | algo | 1 | 0 | 1 | 1 |" in text
    assert "| rl | test | none | 2 |" in text
    assert "| sft | train |" not in text
    assert "- added `mit`" in text
    assert "- `solve.attempts`: `5` became `10`" in text
    assert "Models" not in text


def test_a_release_that_changes_nothing_says_so():
    text = entry(changes(OLD, OLD, old_rows=OLD_ROWS, new_rows=OLD_ROWS))
    assert "No row was added, removed or changed." in text


def test_a_release_without_a_list_of_rows_is_not_told_as_unchanged():
    text = entry(changes(OLD, NEW, new_rows=NEW_ROWS))
    assert "not compared one by one" in text
    assert "No row was" not in text


def test_a_log_grows_newest_first_and_keeps_what_it_said():
    first = changelog(changes(None, OLD), "v1.0.0")
    assert first.startswith(f"{TITLE}\n\n## v1.0.0\n\nFirst release.")
    assert "| default | train | 4 |" in first
    by_hand = first + "\nA note by hand.\n"
    second = changelog(changes(OLD, NEW), "v1.1.0", by_hand)
    assert second.index("## v1.1.0") < second.index("## v1.0.0")
    assert second.count(TITLE) == 1
    assert "A note by hand." in second
    again = changelog(changes(OLD, NEW), "v1.1.0", second)
    assert again == second


def test_long_lists_and_values_are_cut():
    new = {**NEW, "pipeline": {f"key{n:03}": "x" * 500 for n in range(100)}}
    text = entry(changes({**OLD, "pipeline": {}}, new))
    assert "and 60 more" in text
    changed = {**OLD, "pipeline": {"seed": "y" * 500}}
    assert len(max(entry(changes(OLD, changed)).splitlines(), key=len)) < 250


def test_odd_names_stay_in_their_cells():
    found = changes(
        {"version": "v1.0.0"},
        {"version": "v1.0.1", "rows": {"a|b": {"train": 1}}, "licences": ["tick`ed"]},
    )
    assert "| a\\|b | train |" in entry(found)
    assert "`` tick`ed ``" in entry(found)
