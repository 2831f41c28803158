"""Pairs of arguments and result: how they are read, and how they are sought."""
