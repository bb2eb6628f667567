"""Suites of checks as files: read, checked, written."""
