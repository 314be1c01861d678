"""The papers that a data protection officer needs, written from what the code declares (§28)."""
