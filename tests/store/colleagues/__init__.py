"""A random morning in two schools: who does what, and what must hold whatever they do."""
