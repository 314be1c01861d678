"""Rosters: a folder of files becomes schools, staff, modules, students and enrolments."""
