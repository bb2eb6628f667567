"""How a model is called: adapters, batches, cache."""
