"""Forecasts: what a full run will give and take, projected from a sample that was run whole."""
