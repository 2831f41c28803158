"""Scores the answers of a model in training by running them in the sandbox."""
