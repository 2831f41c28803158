"""Which side a question is on: by hash, the same for ever."""

from kodgen.formats.splits import side_of

QUESTIONS = [f"question:A/given/x/{number}" for number in range(2000)]


def chosen(seed, fraction):
    return {one for one in QUESTIONS if side_of(seed, one, fraction) == "test"}


def test_no_question_is_test_unless_asked_for():
    assert not chosen(0, 0.0)


def test_the_share_is_about_as_asked_for():
    # Four standard deviations of a binomial of 2,000 at 0.1: 54.
    assert 146 <= len(chosen(0, 0.1)) <= 254


def test_a_larger_share_keeps_what_the_smaller_had():
    assert chosen(0, 0.05) < chosen(0, 0.2)


def test_the_seed_chooses():
    assert chosen(0, 0.1) != chosen(1, 0.1)
    assert chosen(0, 0.1) == chosen(0, 0.1)
