"""One interface to chat workspaces: Slack, Teams and the sandbox."""
