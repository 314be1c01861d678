"""Read-only queries about drafts, emails and replies."""
