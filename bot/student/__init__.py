"""The student's own page, behind the links in mails: to answer, to choose, to see one's data."""
