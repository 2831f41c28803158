import ast

import pytest

from kodgen.sandbox.patching import Patches

USED = {"statistics", "os", "math", "sys", "pandas", "decimal", "numpy"}


def found(code: str) -> str:
    patches = Patches()
    for node in ast.walk(ast.parse(code)):
        patches.see(node)
    return patches.found(USED)


@pytest.mark.parametrize(
    "code",
    [
        "import statistics\nstatistics.median = lambda values: 0",
        "import statistics as st\ndef f():\n    st.mean = len",
        "import os.path\nsetattr(os, 'getcwd', str)",
        "import math\ndel math.pi",
        "import math\nmath.pi += 1",
        "import sys\nsys.settrace = None",
        "import math\nfor math.pi in range(3): pass",
    ],
)
def test_a_changed_module_is_named(code: str) -> None:
    assert "changes" in found(code)


@pytest.mark.parametrize(
    "code",
    [
        "import sys, io\nsys.stdin = io.StringIO('1')",
        "import pandas as pd\npd.options.mode.chained_assignment = None",
        "class A:\n    def __init__(self):\n        self.pi = 3",
        "import os\nos.environ['A'] = 'b'",
        "from decimal import getcontext\ngetcontext().prec = 9",
        "import numpy as np\nx = np.zeros(3)\nx.shape = (3, 1)",
        "import math\nprint(math.pi)",
    ],
)
def test_honest_assignments_are_free(code: str) -> None:
    assert found(code) == ""


def test_a_module_that_the_tests_do_not_use_is_the_solutions_own_affair() -> None:
    assert found("import json\njson.left = True") == ""
