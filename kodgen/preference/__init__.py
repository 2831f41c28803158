"""Which of two answers is the better one: by tests, by measured run time, by length."""
