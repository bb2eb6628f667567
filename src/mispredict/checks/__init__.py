"""Checks: expectations that a model is held to, run on each new version."""
