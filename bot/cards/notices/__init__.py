"""Digests, private notices and thread lines."""
