"""Metrics without labels."""
