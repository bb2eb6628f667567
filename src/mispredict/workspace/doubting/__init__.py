"""Uncertainty, conformal sets and sanity of an evaluation."""
