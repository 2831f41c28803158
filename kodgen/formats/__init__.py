"""One file per training format: pure functions from records to rows."""
