"""Sources of seeds: reading them, and drawing from them what questions are written from."""
