"""The life of one row, kept or rejected: from its seeds to the dataset."""
