"""Why a figure changed between two evaluations of a workspace."""
