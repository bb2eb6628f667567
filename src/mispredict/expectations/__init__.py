"""What any room needs to offer kinds of checks: options, what may be asked, bounds, verdicts."""
