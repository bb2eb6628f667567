"""Kinds of checks that need data alone, a module per family."""
