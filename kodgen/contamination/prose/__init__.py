"""What a text says in plain sentences."""
