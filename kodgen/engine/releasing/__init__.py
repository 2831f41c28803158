"""A release: the folder made of a run, checked, and sent to the Hub."""
