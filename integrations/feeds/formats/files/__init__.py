"""Files: a delivered file as rows, JSON values or members, whatever its packing and encoding."""
