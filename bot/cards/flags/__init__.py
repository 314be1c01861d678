"""Cards about coverage and held flags."""
