"""Checks of data, and what datasets are asked about themselves."""
