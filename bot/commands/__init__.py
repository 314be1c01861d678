"""What people can ask of Lantern: one table of commands, the same on every platform."""
