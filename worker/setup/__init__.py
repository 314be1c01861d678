"""Set up Slack, Teams and their channels."""
