"""Rules for what a letter may and must say."""
