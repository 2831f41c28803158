from solution import Ring


def test_ring():
    ring = Ring("abc")
    assert ring[4] == "b"
    assert list(ring) == ["a", "b", "c"]
    assert "c" in ring
    assert "d" not in ring
    assert repr(ring) == "Ring(['a', 'b', 'c'])"
