"""Rules that an email must pass before it is sent."""
