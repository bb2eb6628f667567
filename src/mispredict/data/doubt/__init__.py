"""How sure a model is, whether it should be, and whether it is sane."""
