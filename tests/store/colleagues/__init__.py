"""Stateful test of two schools: random actions by colleagues, and invariants after each."""
