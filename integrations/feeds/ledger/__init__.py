"""The delivery ledger: every delivery kept apart, and the days of the lake built from them."""
