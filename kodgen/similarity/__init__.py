"""Near-duplicates and benchmark leaks: text, vectors, neighbours."""
