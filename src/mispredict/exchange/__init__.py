"""Other tools' records of models and figures: read into plain values, written from them."""
