"""Problems: what is wrong with a model, who cares, how bad it is, and when it is mended."""
