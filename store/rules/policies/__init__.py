"""Rules for a school's policy: checks, difference, simulation and statement."""
