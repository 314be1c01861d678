"""Read-only queries about students: enrolments, exemptions, messages, search."""
