import numpy

from solution import double


def test_double():
    assert (double(numpy.array([1, 2, 3])) == numpy.array([2, 4, 6])).all()
