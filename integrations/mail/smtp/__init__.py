"""Email without Microsoft Graph: SMTP to send, IMAP for drafts and replies."""
