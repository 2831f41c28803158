"""The n-gram layer: shared runs of words, how much they cover, and what is passed over."""

import pytest

from kodgen.contamination.layers.ngram import NgramLayer
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

STATEMENT = (
    "A gardener plants seeds along a straight fence and waters every third plant twice each "
    "morning before the sun rises over the hill behind her house."
)


def task(number: int, text: str, **more: str) -> BenchmarkTask:
    return BenchmarkTask(benchmark="own", task_id=str(number), views={"prompt": text}, **more)


def test_a_verbatim_statement_inside_a_longer_question_is_covered_whole_and_marked() -> None:
    question = f"Please read on.\n\n{STATEMENT.upper()}\n\nWrite a function for that."
    [(number, hit)] = NgramLayer([task(1, STATEMENT)]).hits([AuditedRow("r", question)])
    [[start, end]] = hit.evidence["row_spans"]
    assert (number, hit.score, hit.view) == (0, 1.0, "prompt")
    assert question[start:end] == STATEMENT.upper().rstrip(".")
    assert hit.evidence["task_spans"] == [[0, len(STATEMENT) - 1]]


@pytest.mark.parametrize("n", [4, 7, 10, 13])
def test_runs_of_n_words_are_found_wherever_they_begin_and_shorter_ones_never(n: int) -> None:
    told = STATEMENT.split()
    layer = NgramLayer([task(1, STATEMENT)], n)
    for start in range(len(told) - n + 1):
        for lead in range(n):
            padding = " ".join(f"word{place}" for place in range(lead))
            run = f"{padding} {' '.join(told[start : start + n])} and so on"
            assert len(list(layer.hits([AuditedRow("r", run)]))) == 1, (start, lead)
    short = " ".join(told[3 : 3 + n - 1])
    assert not list(layer.hits([AuditedRow("r", f"zzz {short} zzz")]))


def test_coverage_is_the_share_of_the_statement_s_words() -> None:
    half = " ".join(STATEMENT.split()[:13])
    [(_, hit)] = NgramLayer([task(1, STATEMENT)]).hits([AuditedRow("r", half)])
    assert hit.score == pytest.approx(13 / len(STATEMENT.split()))


def test_what_many_tasks_hold_is_passed_over() -> None:
    common = "this sentence stands at the head of every single task in here"
    tasks = [task(k, f"{common} {k}") for k in range(11)]
    assert not list(NgramLayer(tasks).hits([AuditedRow("r", f"zzz {common}")]))
    assert list(NgramLayer(tasks[:5]).hits([AuditedRow("r", f"zzz {common}")]))


def test_numbers_and_imports_tell_nothing() -> None:
    text = (
        "numbers 1 2 3 4 5 6 7 8 9 10 11 12 13\n"
        "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt"
    )
    assert not list(NgramLayer([task(1, text)]).hits([AuditedRow("r", f"zzz {text[9:]}")]))


def test_a_short_statement_is_found_whole_in_the_question() -> None:
    layer = NgramLayer([task(1, "Reverse the words of a sentence.")])
    [(_, hit)] = layer.hits([AuditedRow("r", "Task: reverse the words of a sentence!")])
    assert hit.score == 1
    assert not list(layer.hits([AuditedRow("r", "Reverse the words of one sentence.")]))


def test_foreign_scripts_and_signs_are_words_as_well() -> None:
    text = "верни сумму всех чётных чисел списка которые больше чем среднее \u2264 значение"
    [(_, hit)] = NgramLayer([task(1, text)]).hits([AuditedRow("r", f"«{text.upper()}»")])
    assert hit.score == 1
