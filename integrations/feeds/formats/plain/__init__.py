"""Most statements of a large xAPI file, read at once by DuckDB."""
