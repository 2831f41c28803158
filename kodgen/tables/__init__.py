"""Reads tables of any kind a user has, row by row, and says what is broken in them."""
