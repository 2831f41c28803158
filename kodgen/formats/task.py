"""Questions as tasks of reinforcement learning: what is asked, and what an answer is judged by."""

import json

from kodgen.records import Triplet

DATA_SOURCE = "kodgen"
"""By which a trainer knows whose reward scores a row."""
FORM = "Answer with the whole solution in one Python code block."


def prompt(triplet: Triplet) -> str:
    """The question, with the declarations that its tests call where it does not show them.

    Tasks that ask for classes have no declarations; their questions name what is to be written.
    """
    calls = [
        info.function_declaration
        for info in triplet.test_info
        if info.function_declaration.rstrip(":") not in triplet.question
    ]
    if not calls:
        return f"{triplet.question}\n\n{FORM}"
    shown = "\n".join(calls)
    return (
        f"{triplet.question}\n\nThe tests call what is declared here:\n\n"
        f"```python\n{shown}\n```\n\n{FORM}"
    )


def ground_truth(triplet: Triplet) -> str:
    """The tests as a JSON string; structs that differ from row to row would break Arrow's types.

    A completion task is there too, as an answer may leave out the code that it goes on with.
    """
    truth = {"pytest": triplet.test}
    if triplet.style == "complete":
        truth["completes"] = triplet.question
    return json.dumps(truth, ensure_ascii=False)
