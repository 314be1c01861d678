"""Commands about a school and its staff."""
