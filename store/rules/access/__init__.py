"""Rules for who may do what, and read what."""
