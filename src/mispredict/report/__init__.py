"""Summaries and the documents made of them."""
