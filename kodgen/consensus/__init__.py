"""What all attempts at a question agree on: their solutions and tests, ranked by each other."""
