"""The smallest changes of a row that change a model's answer."""
