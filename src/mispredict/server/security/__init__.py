"""Who may ask: hosts, origins, tokens, sizes; and what browsers are told of an answer."""
