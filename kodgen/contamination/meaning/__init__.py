"""What a row asks for, compared by a model's vectors."""
