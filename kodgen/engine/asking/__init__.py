"""Asking language models: which endpoint, how many at a time, how patiently."""
