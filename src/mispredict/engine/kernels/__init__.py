"""Compiled loops with a NumPy twin each: the same numbers with and without numba."""
