import numpy as np
import numpy.testing
import pytest

from solution import normalise, product


def test_normalise():
    result = normalise([1, 2, 3])
    assert result.mean() == pytest.approx(0)
    assert np.allclose(result.std(), 1)


def test_product():
    np.testing.assert_array_equal(product([[1, 2]], [[3], [4]]), [[11]])
    assert (product([[1, 0]], [[3], [4]]) == np.array([[3]])).all()
    assert product([[2]], [[3]]).tolist() == [[6]]
