"""Formats: the files of other systems → canonical events, each by a reader of its own.

A format is one module here and its row in ``registry``: how it recognises a file, what has to be
declared, a reader that yields events and refusals by line, and an invented example that is its
test. ``loading`` joins people and modules, and writes the rows of the documented event feed.
"""
