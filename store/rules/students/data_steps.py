"""The steps of a request about data of which the student is told by email."""

from __future__ import annotations

from store.rules.model.labelled import Word

LETTER_KEY = "data-letter:"
"""Begins the key of an email's row in the outbox; the id in ``data_letters`` follows."""


class DataStep(Word):
    """What happened to a student's request, as an email tells it."""

    RECORDED = "recorded"
    ASKED = "asked"
    EXTENDED = "extended"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"
    """A request for a copy was answered in words alone, such as one that was taken back."""
