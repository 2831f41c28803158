"""What a run keeps on disk: journals, completions, sealed tables."""
