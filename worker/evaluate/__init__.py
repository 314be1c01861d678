"""How good the default policy is, replayed over students whose outcome is known."""
