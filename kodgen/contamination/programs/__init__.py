"""Functions told by their shape, and sought in many programs at once."""
