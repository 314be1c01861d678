"""Jobs that send emails and receive replies."""
