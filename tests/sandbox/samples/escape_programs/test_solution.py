from solution import escaped


def test_no_program():
    assert [one for one in escaped() if one != "started"] == []
