"""Change a case, from opened to closed."""
