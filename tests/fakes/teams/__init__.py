"""A local Microsoft Teams that speaks HTTP: signs what it sends, checks who posts."""
