"""Commands about emails to students."""
