"""Suites of checks run in a workspace, and what it keeps of them."""
