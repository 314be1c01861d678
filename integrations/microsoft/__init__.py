"""What Graph and Teams share: who Lantern is to Microsoft, and how long to wait for it."""
