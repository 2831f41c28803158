"""Runs of words, sought in many texts at once."""
