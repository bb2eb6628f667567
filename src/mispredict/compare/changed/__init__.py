"""A difference of two figures, divided among its causes."""
