"""Handle a complaint and freeze what it is about."""
