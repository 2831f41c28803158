"""One file per verb: each stage describes the work on one row, or on one whole table."""
