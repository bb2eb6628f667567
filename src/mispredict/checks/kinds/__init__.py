"""The kinds of checks, one module each or a few that belong together."""
