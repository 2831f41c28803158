"""KodCode-V1's `test_info`."""

from kodgen.parse.functions import function_infos

SOLUTION = '''
def add(a: int, b: int = 2, *rest: int, flag: bool = False, **more) -> int:
    """Add things."""
    return a + b


async def fetch(x, /, y):
    return x


def helper():
    pass


class Box:
    def get(self):
        return 1
'''


def test_functions_the_tests_use_are_described_without_annotations():
    test = "from solution import *\nasync def test():\n    assert add(1) and await fetch(1, 2)\n"
    add, fetch = function_infos(SOLUTION, test)
    assert add.function_name == "add"
    assert add.parameter_list == "(a, b=2, *rest, flag=False, **more)"
    assert add.function_declaration == "def add(a, b=2, *rest, flag=False, **more):"
    assert add.docstring == "Add things."
    assert fetch.function_declaration == "async def fetch(x, /, y):"
    assert fetch.docstring == ""


def test_class_based_tasks_have_none():
    assert (
        function_infos(SOLUTION, "from solution import Box\ndef test():\n    Box().get()\n") == ()
    )


def test_unparsable_sources_have_none():
    assert function_infos("def (", "x = 1") == ()
    assert function_infos(SOLUTION, "def (") == ()
