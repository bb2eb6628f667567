"""Exact attributions of models made of trees."""
