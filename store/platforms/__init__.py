"""Accounts and tokens for Slack and Teams; secrets are encrypted."""
