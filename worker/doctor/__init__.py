"""Check the connections to Slack, Teams and Graph and say what is wrong."""
