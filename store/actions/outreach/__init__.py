"""Draft, approve and send an email to a student, and receive the reply."""
