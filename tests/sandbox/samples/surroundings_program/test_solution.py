from solution import run


def test_run():
    assert run("print(1)") == "1\n"
