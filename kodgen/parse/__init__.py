"""Takes what is wanted out of what a model wrote: pure functions over text."""
