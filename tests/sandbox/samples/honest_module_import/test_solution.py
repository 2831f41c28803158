import importlib

import solution


def test_clamp():
    assert [solution.clamp(v) for v in (-9, 0, 9)] == [-3, 0, 3]


def test_limit(monkeypatch):
    monkeypatch.setattr(solution, "LIMIT", 5)
    assert solution.clamp(9) == 5


def test_reload():
    assert importlib.reload(solution).LIMIT == 3
