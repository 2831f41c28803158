"""Matrices as they are drawn in tests."""

from kodgen.consensus.cell import Cell
from kodgen.consensus.matrix import Matrix, assemble


def drawn(*rows: str) -> Matrix:
    """A matrix of trials `0`, `1`, ...: a row for each solution, a word for the tests of each.

    `1` passed, `0` failed, `-` not compared.
    """
    cells = {}
    for solution, row in enumerate(rows):
        for file, word in enumerate(row.split()):
            results = {f"test_{n}": {"1": 1, "0": 0, "-": None}[one] for n, one in enumerate(word)}
            cells[str(solution), str(file)] = Cell(results)
    files = [str(n) for n in range(len(rows[0].split()))]
    return assemble([str(n) for n in range(len(rows))], files, cells)
