"""The policy acted out, paragraph by paragraph, through the doors that people use.

Each file is a paragraph, written from its text and not from the code. Nothing here imports what
changes or stores anything: a test holds that (``test_doors.py``).
"""
