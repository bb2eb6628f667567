"""Slices: groups of rows on which a model really fails, found by search and confirmed."""
