"""Where questions start from: one file per kind of source."""
