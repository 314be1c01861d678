"""Receivers: the addresses to which other systems send students' activity, as Caliper or xAPI."""
