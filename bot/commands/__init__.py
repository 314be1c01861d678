"""The commands that people give Lantern: one table, the same on every platform."""
