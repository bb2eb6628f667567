"""How cohorts are counted: one byte per cell and compiled loops, or SQL over the same rows."""
