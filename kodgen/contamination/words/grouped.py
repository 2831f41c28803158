"""Things in groups, one group after the other in arrays."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kodgen.contamination.words.numbering import Places


def grouped(groups: "Places", count: int) -> tuple["Places", "Places"]:
    """Numbers of things, group by group, and where each group's begin; and the end.

    Args:
        groups: Of each thing its group.
        count: Groups.
    """
    import numpy as np

    order = np.argsort(groups, kind="stable")
    return order, np.searchsorted(groups[order], np.arange(count + 1))


def members(
    firsts: "npt.NDArray[np.signedinteger[Any]]", groups: "Places"
) -> tuple["Places", "Places"]:
    """Places of the things of some groups, group by group, and how many each of those holds.

    Args:
        firsts: Where each group's things begin, and where the last one's end.
        groups: Numbers of groups.
    """
    import numpy as np

    starts = firsts[groups].astype(np.int64)
    counts = firsts[groups + 1] - starts
    ends = np.cumsum(counts)
    steps = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return np.repeat(starts, counts) + steps, counts
