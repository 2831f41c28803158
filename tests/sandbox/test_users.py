from kodgen.sandbox import users


def test_no_two_sandboxes_of_a_process_share_a_slot() -> None:
    first = users.take_slots(3)
    second = users.take_slots(2)
    assert len({*first, *second}) == 5
    users.give_back(first)
    third = users.take_slots(4)
    assert not set(third) & set(second)
    assert set(first) < set(third), "slots given back are used again"
    users.give_back([*second, *third])
