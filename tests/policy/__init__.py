"""Tests of the policy, paragraph by paragraph, through the interfaces that people use.

Each file is a paragraph, written from its text and not from the code. Nothing here imports code
that changes or stores anything: a test checks that (``test_doors.py``).
"""
