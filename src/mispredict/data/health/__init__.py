"""How healthy data are."""
