"""What a model wrote before its answer is dropped, and nothing else."""

import pytest

from kodgen.parse.reasoning import without_reasoning


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("No reasoning.", "No reasoning."),
        ("<think>a</think>b", "b"),
        ("\n<THINKING>\na\n</THINKING>\nb", "\nb"),
        ("a\n</think>\nb", "\nb"),
        ("a.</thinking>\nb", "\nb"),
        ("</think>\n\nb", "\n\nb"),
        ("<think>\nno end", ""),
        ("<think>a</thinking>", ""),
        ("<think>\n```python\ndef broken(\n</think>\nb", "\nb"),
        ("a\n```python\ndef broken(\n</think>\nb", "\nb"),
        ("<think>\n```python\nx = '</think>'\n```\n</think>b", "b"),
        ("b `</think>` b", "b `</think>` b"),
        ("b <think>c\n</think>\nd", "b <think>c\n</think>\nd"),
        (
            "<solution>\n'''\n</think>\n'''\n</solution>",
            "<solution>\n'''\n</think>\n'''\n</solution>",
        ),
        ("<solution>\na\n</think>\n<solution>\nb\n</solution>", "\n<solution>\nb\n</solution>"),
        ("```python\n'''\n</think>\n'''\n```", "```python\n'''\n</think>\n'''\n```"),
    ],
)
def test_only_leading_reasoning_is_dropped(text, answer):
    assert without_reasoning(text) == answer
