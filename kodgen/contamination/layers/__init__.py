"""Layers: each one way in which a row can give a task away."""
