"""Read-only queries about cases: lists, cards, details and history."""
