"""Answers as the text that a model is to learn."""

from kodgen.formats.base import Answer
from kodgen.records import Response


def fenced(code: str) -> str:
    """Code in a Markdown fence that the code itself can't close."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}python\n{code}\n{fence}"


def spoken(response: Response) -> str:
    """A response in full, its reasoning before it as reasoning models write it."""
    if response.reasoning is None:
        return response.answer
    return f"<think>\n{response.reasoning}\n</think>\n\n{response.answer}"


def answer_text(answer: Answer) -> str:
    """What is to be learned of an answer."""
    if answer.response is None:
        return fenced(answer.triplet.solution)
    return spoken(answer.response)
