"""Metrics with n and interval."""
