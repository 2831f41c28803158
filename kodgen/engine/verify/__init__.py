"""`kodgen verify`: any file of solutions and tests, run row by row."""
