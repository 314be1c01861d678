"""Lantern under load: real processes on loopback, 200 who click, and a screening beside them."""
