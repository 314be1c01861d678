"""Formats: read the files of other systems as events, each with its own reader.

A format is a module of ``readers`` and an entry in ``registry``: how it recognises a file, what has
to be declared, a reader that yields events and refused rows by line, and an invented example that
is its test. ``files`` opens what was delivered; ``mappings`` reads tables of no known format;
``matching`` finds the people and modules, and writes the rows of the documented event feed.
"""
