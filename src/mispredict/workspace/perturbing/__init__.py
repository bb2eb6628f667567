"""An evaluation's model on changed and made-up rows."""
