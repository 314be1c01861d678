"""Readers: one module for each format of another system, and its row in ``registry``."""
