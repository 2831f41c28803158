"""Any id of a run leads to its question."""

import pytest

from kodgen.engine.explaining.looking import question_of

QUESTION = "question:A/given/0123456789ab/0"


@pytest.mark.parametrize(
    "name",
    ["", "/3", "_C", "_I", "/response/2", "_C/response/2", "/pair/runtime/0", "_C/pair/length/1"],
)
def test_every_id_leads_to_its_question(name):
    assert question_of(QUESTION + name) == QUESTION


def test_a_seed_is_no_question():
    assert question_of("seed:A/0123456789ab") == "seed:A/0123456789ab"
