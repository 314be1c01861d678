"""The outbox and what delivery remembers: mailboxes, rate limits, intents to post."""
