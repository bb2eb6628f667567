"""Drift, coverage and performance without labels, between rows of a workspace."""
