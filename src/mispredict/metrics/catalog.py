"""Importing this registers every built-in metric."""

from __future__ import annotations

from mispredict.metrics import averages, counts, means, probabilities

__all__ = ["averages", "counts", "means", "probabilities"]
