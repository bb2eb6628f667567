"""One module per step of the catalog's tables."""
