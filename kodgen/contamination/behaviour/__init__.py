"""A row's solution run against a task's own tests."""
