"""Groups of rows: cards of what goes with being wrong, slices, priorities."""
