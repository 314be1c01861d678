"""The student's own page, behind the links in emails: answer, choose, and see one's own data."""
