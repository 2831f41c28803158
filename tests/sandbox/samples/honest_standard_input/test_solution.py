import io

from solution import ask, total


def test_total(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n2\n3\n"))
    assert total() == 6


def test_ask(monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda prompt: " Ada ")
    assert ask() == "Ada"
