"""The pictures of the guides, taken of the program as it is."""
