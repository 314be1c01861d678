"""The university's directory: who is in its groups, read from Microsoft Graph."""
