"""Faults put into a solution, to see whether its tests notice: which, and which can't be told."""
