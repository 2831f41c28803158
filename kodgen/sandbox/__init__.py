"""Runs untrusted solution and test pairs, and says what can be believed of the outcome."""
