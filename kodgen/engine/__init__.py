"""Runs stages: the run directory, the journal, Ray, progress."""
