"""Rules for links, exemptions, messages and digital traces of students."""
