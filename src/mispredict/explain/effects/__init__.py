"""What a column does to a model's answers, by itself."""
