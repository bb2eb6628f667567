"""How a workspace is kept on disk: a catalog, immutable parts, versions. The only writer."""
