from solution import area


def test_area(capsys):
    print("ok" if area(3, 5) == 15 else "not ok")
    assert capsys.readouterr().out
