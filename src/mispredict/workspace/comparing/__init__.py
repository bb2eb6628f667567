"""Models of a workspace side by side."""
