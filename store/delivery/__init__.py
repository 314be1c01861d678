"""The outbox and the state of deliveries: mailboxes, rate limits, intents to post."""
