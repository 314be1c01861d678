"""How fast we are, as a ratio to hand-written DuckDB over the same files in the same run."""
