"""Mappings: tables of no known format, read as a person declared and confirmed."""
