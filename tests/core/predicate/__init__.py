"""Tests of the cohort language; a package, so that they share `cohorts.py`."""
