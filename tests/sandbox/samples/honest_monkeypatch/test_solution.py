import time

import solution
from solution import age, home


def test_home(monkeypatch):
    monkeypatch.setenv("APP_HOME", "/opt")
    assert home() == "/opt"
    monkeypatch.delenv("APP_HOME")
    assert home() == "/srv"


def test_age(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    assert age(900) == 100


def test_helper(monkeypatch):
    monkeypatch.setattr(solution.os, "environ", {})
    assert home() == "/srv"
