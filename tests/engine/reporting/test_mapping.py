"""Principal components."""

import numpy as np

from kodgen.engine.reporting.mapping import principal


def test_they_are_those_of_a_whole_decomposition():
    rng = np.random.default_rng(5)
    shape = rng.standard_normal((80, 40)) * np.linspace(3.0, 0.2, 40)
    found, share = principal(shape.astype(np.float32))
    centred = shape - shape.mean(axis=0)
    sides, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    expected = sides[:, :2] * sizes[:2]
    for axis in (0, 1):
        assert abs(np.corrcoef(found[:, axis], expected[:, axis])[0, 1]) > 0.999
        assert found[np.abs(found[:, axis]).argmax(), axis] > 0
    assert np.isclose(share, np.square(sizes[:2]).sum() / np.square(sizes).sum(), atol=1e-4)


def test_points_that_are_all_the_same_lie_together():
    found, share = principal(np.ones((5, 30), dtype=np.float32))
    assert np.abs(found).max() < 1e-6
    assert share == 0.0
