"""Reads a run directory for its report: batch by batch, so that memory does not grow with rows."""
