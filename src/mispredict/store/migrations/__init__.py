"""Migrations of the catalog, run by `mispredict.store.database`."""
