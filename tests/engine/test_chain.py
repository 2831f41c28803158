"""What a stage is made from: rows of one stage, or of several joined."""

import pytest

from kodgen.engine.chain import Chain, Link
from kodgen.engine.store.sealing import Work, seal
from kodgen.errors import RunDirectoryError
from kodgen.records import (
    Answered,
    Draw,
    Observation,
    Response,
    Tried,
    Triplet,
    Verdict,
    completed_id,
)
from kodgen.stages.base import Outcome, reject
from tests import specimens

OBSERVED = Observation(wall_seconds=0.1, cpu_seconds=0.1, peak_memory_bytes=1)
VERDICT = Verdict(outcome="passed", reason="", isolation="namespaces", observed=OBSERVED)


def triplet(question, *, completed=False):
    if not completed:
        return specimens.triplet(question)
    return specimens.triplet(question, id=completed_id(question), style="complete")


def trial(question, attempt):
    return specimens.trial(question, attempt, verdict=VERDICT)


def response(of, attempt, outcome="passed"):
    return specimens.response(
        of.id,
        attempt,
        question_id=of.question_id,
        style=of.style,
        verdict=VERDICT.model_copy(update={"outcome": outcome}),
    )


def solved(questions):
    return [
        Outcome(kept=(triplet(name),), trials=(trial(name, 0), trial(name, 1)))
        for name in questions
    ]


class Run:
    """Seals stages one after the other."""

    def __init__(self, folder):
        self.folder = folder
        self.chain = Chain()

    def seal(self, name, produces, outcomes, *, trials=False):
        folder = self.folder / f"{len(self.chain):02d}-{name}"
        folder.mkdir(parents=True)
        sealed = seal(
            folder, Work(name, 1, len(outcomes), {}), produces, outcomes, with_trials=trials
        )
        self.chain.add(Link(sealed, folder), produces, trials=trials)


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


def test_a_stage_is_made_from_the_latest_rows_of_its_kind(run):
    run.seal("solve", Triplet, solved(["p", "q"]), trials=True)
    run.seal("recheck", Triplet, [Outcome(kept=(triplet("q"),))])
    source = run.chain.source(Triplet)
    assert [row.id for row in source.read()] == ["q"]
    assert [row.id for row in source.read()] == ["q"]
    assert source.rows == 1
    with pytest.raises(KeyError):
        run.chain.source(Draw)


def test_attempts_are_joined_to_the_triplets_that_are_left(run):
    run.seal("solve", Triplet, solved(["p", "q", "r"]), trials=True)
    both = (triplet("r"), triplet("r", completed=True))
    run.seal("restyle", Triplet, [Outcome(kept=(triplet("p"),)), Outcome(kept=both)])
    found = list(run.chain.source(Tried).read())
    assert [row.id for row in found] == ["p", "r", "r_C"]
    assert [[one.id for one in row.trials] for row in found] == [
        ["p/0", "p/1"],
        ["r/0", "r/1"],
        ["r/0", "r/1"],
    ]


def test_answers_right_or_not_are_joined_in_their_order(run):
    run.seal("solve", Triplet, solved(["p", "q", "r"]), trials=True)
    one, two, three = triplet("p"), triplet("q"), triplet("r")
    wrong = response(one, 0, "failed")
    run.seal(
        "respond",
        Response,
        [
            Outcome(
                kept=(response(one, 1),),
                rejected=(reject("respond", wrong, "wrong_answer", "failed"),),
            ),
            Outcome(rejected=(reject("respond", two, "llm_refused", "no"),)),
            Outcome(kept=(response(three, 0), response(three, 2))),
        ],
    )
    found = list(run.chain.source(Answered).read())
    assert [row.id for row in found] == ["p", "q", "r"]
    assert [[one.attempt for one in row.responses] for row in found] == [[0, 1], [], [0, 2]]
    assert found[0].responses[0].verdict.outcome == "failed"
    kept, others = next(run.chain.responses())[1:]
    assert ([one.attempt for one in kept], [one.attempt for one in others]) == ([1], [0])


def test_nothing_that_differs_from_run_to_run_is_sealed_with_an_answer(run):
    run.seal("solve", Triplet, solved(["p"]), trials=True)
    one = triplet("p")
    outcome = Outcome(
        kept=(response(one, 0),),
        rejected=(reject("respond", response(one, 1), "too_long", "long"),),
    )
    run.seal("respond", Response, [outcome])
    (row,) = run.chain.source(Answered).read()
    assert [answer.verdict.observed for answer in row.responses] == [None, None]
    assert (run.folder / "01-respond" / "observations.parquet").exists()


def test_answers_to_a_triplet_that_is_not_there_are_no_silent_loss(run):
    run.seal("solve", Triplet, solved(["p", "q"]), trials=True)
    answers = [Outcome(kept=(response(triplet(name), 0),)) for name in ("x", "p", "q")]
    run.seal("respond", Response, answers)
    with pytest.raises(RunDirectoryError, match="holds answers to x, which is no row"):
        list(run.chain.responses())


def test_other_attempts_make_another_input(tmp_path):
    digests = set()
    for number, attempts in enumerate(((0,), (0, 1), (0, 1))):
        run = Run(tmp_path / str(number))
        trials = tuple(trial("p", attempt) for attempt in attempts)
        run.seal("solve", Triplet, [Outcome(kept=(triplet("p"),), trials=trials)], trials=True)
        digests.add(run.chain.source(Tried).digest)
        assert run.chain.source(Triplet).digest == run.chain.sealed[0].kept_digest
    assert len(digests) == 2
