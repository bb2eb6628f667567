"""The commands, one module per thing that people want."""
