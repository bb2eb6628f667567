"""What a model would say of a row if it were another."""
