"""A term in the life of two schools, with 300 invented students and seeded random colleagues.

The clock moves from day to day. At the end the results are checked against the events themselves.
"""
