"""Benchmarks: Lantern's time as a ratio to hand-written DuckDB over the same files in one run."""
