"""Every kind of fault, once: it costs time, never a row, and nothing that was paid for."""

import pytest

from tests.faults.enduring import endure
from tests.faults.kinds import KINDS

QUICK = {"driver"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in QUICK else pytest.mark.thorough) for name in KINDS],
)
def test_a_build_endures(name, tmp_path, ray_nodes, reference):
    kind = KINDS[name]
    report = endure(kind, tmp_path, reference, ray_nodes, seed=1, share=0.5)
    assert report.fine, f"{report}\n{report.said}"
    assert report.struck
    assert report.ends[0] in kind.ends
    if name == "driver":
        assert report.stored_before > 6
