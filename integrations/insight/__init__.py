"""What the lake says when a person asks: drafts replayed over past weeks, and a lead's notes."""
