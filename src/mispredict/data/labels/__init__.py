"""Labels that are likely wrong, people who disagree, and what both do to metrics."""
