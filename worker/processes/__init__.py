"""The long-running processes: web server and clock."""
