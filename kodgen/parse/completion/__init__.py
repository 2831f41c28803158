"""Reads and checks Python completion tasks: signatures, docstrings, examples, and no bodies."""
