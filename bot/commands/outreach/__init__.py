"""Commands about emails to students: draft, approve, check replies, stop."""
