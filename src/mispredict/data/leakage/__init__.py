"""What a model can know and should not."""
