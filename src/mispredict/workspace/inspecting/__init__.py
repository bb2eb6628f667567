"""Datasets of a workspace looked over, with or without a model."""
