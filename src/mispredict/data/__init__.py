"""The data under a model: tests of data, duplicates, leaks, and what changed between versions."""
