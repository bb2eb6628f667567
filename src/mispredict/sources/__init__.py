"""How data comes in: frames, files and folders become one Arrow table with a schema."""
