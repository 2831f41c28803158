import pandas as pd

from solution import totals


def test_totals():
    result = totals([("a", 1), ("b", 2), ("a", 3)])
    assert result["a"] == 4
    pd.testing.assert_series_equal(
        result, pd.Series([4, 2], index=pd.Index(["a", "b"], name="who"), name="amount")
    )
