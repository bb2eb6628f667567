"""Linked distributions of an evaluation, and what a selection of rows is."""
