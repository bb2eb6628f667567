"""Models on the same rows: what differs, where, and what changed between two figures."""
