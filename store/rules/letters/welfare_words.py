"""Find sentences about the studies in an email about welfare, which asks how the student is.

The welfare route needs no colleague's view (§13) and stays open during a complaint (§27). So a
sentence about attendance or missing work in such an email would reach the student without the views
that it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ENGLISH = (
    r"attend\w*|absen(?:t|ce|ces)|engagement|missed|missing|seminars?|lectures?|tutorials?|labs?",
    r"essays?|assignments?|coursework|deadlines?|submi(?:t\w*|ssions?)|registers?",
    r"hand(?:ed|ing)?\s+(?:it\s+|them\s+)?in|behind\s+with|modules?",
)
_WELSH = (
    r"(?:p|b|mh|ph)resenoldeb|absenoldeb\w*|h?ymgysylltiad|(?:d|dd|n)arlith\w*|seminarau?",
    r"(?:t|d|th|nh)raeth[ao]wd\w*|h?aseiniad\w*|(?:c|g|ch|ngh)yflwyno|(?:m|f)odiwl\w*",
)
_STUDIES = re.compile(rf"(?<!\w)(?:{'|'.join((*_ENGLISH, *_WELSH))})(?!\w)", re.IGNORECASE)


def on_the_studies(sentences: Iterable[str]) -> list[str]:
    """Return those of these sentences that speak of attendance, work or modules."""
    return [each for each in sentences if _STUDIES.search(each)]
