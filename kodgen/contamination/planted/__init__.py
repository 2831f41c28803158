"""Rows of which it is known what they are, to try an audit out."""
