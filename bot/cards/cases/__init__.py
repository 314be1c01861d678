"""Cards and dialogs about one case."""
