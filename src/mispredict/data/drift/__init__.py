"""How far the values of two sets of rows differ, and what that does to a model."""
