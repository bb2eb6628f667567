"""The smallest edits of a text that change a model's answer."""
