import pytest

from solution import main


def test_main(capsys):
    assert main(["21"]) == 0
    assert capsys.readouterr().out == "42\n"


def test_usage(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["many"])
    assert caught.value.code == 2
    assert "invalid int" in capsys.readouterr().err
