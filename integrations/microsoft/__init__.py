"""Shared by Graph and Teams: Lantern's identity at Microsoft, and retries."""
