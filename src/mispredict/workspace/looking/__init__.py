"""Rows of an evaluation: pages of them, one with all that is known, the nearest."""
