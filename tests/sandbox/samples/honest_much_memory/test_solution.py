from solution import sieve


def test_sieve():
    assert sieve(5_000_000) == 348513


def test_room():
    room = bytearray(200 * 2**20)
    assert len(room) == 200 * 2**20
