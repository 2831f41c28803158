"""Reads a pipeline file into `kodgen.config.Pipeline`, and explains every mistake in it at once."""
