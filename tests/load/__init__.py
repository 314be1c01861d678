"""Lantern under load: real processes on loopback, 200 people who click, and a screening."""
