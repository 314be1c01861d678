"""Compare what Lantern does for groups of students (§17, §18), in figures that identify no one."""
