"""Pure decisions. Standard library only; ``now`` and thresholds are arguments."""
