"""Rules for text: dates, addresses, tone, readability and limits."""
