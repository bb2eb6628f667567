"""Changed and made-up rows as people look at them, and keep them."""
