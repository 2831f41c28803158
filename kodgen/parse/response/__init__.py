"""Takes the code out of an answer in full: reasoning, prose, snippets and examples around it."""

from kodgen.parse.response.asked import Asked, asked_of, wanted_names
from kodgen.parse.response.borrowed import without_borrowed
from kodgen.parse.response.classes import own_classes, wrapped_in_class
from kodgen.parse.response.naming import tells
from kodgen.parse.response.reading import parse_response, split_reasoning

__all__ = [
    "Asked",
    "asked_of",
    "own_classes",
    "parse_response",
    "split_reasoning",
    "tells",
    "wanted_names",
    "without_borrowed",
    "wrapped_in_class",
]
