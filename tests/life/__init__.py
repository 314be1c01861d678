"""A term in the life of two schools: 300 invented students, random but seeded colleagues, and a
clock that moves from day to day. What must hold at the end is asked of the events themselves.
"""
