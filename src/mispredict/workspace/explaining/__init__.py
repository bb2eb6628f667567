"""Why an evaluation's model answers as it does, and what would change its answer."""
