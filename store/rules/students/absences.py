"""A student's request to be absent for some days, and the document that may come with it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from store.rules.errors import InvalidInput
from store.rules.students.exemptions import LONGEST as LONGEST_EXEMPTION
from store.rules.students.messages import LONGEST
from store.rules.text.formatting import storable
from store.rules.text.limits import within

LONGEST_DOCUMENT = 10 * 1024 * 1024
"""Bytes of a document, as the student sends it."""
MOST_WAITING = 3
"""Requests of one student that wait for a decision at the same time."""
LOOKED_BACK = dt.timedelta(days=92)
"""How long ago an absence may have begun: about a term."""
LINK_LIFE = dt.timedelta(minutes=10)
"""How long a colleague's link to a document works."""

_DAY = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4}))")


class DocumentKind(StrEnum):
    """What a stored document is: a PDF as it came, or an image that was written anew."""

    PDF = "pdf"
    JPEG = "jpg"

    @property
    def media_type(self) -> str:
        """Return its type as HTTP names it."""
        return "application/pdf" if self is DocumentKind.PDF else "image/jpeg"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was checked, as it is stored."""

    kind: DocumentKind
    content: bytes


@dataclass(frozen=True, slots=True)
class AbsenceAsked:
    """A request: the first and last day, both included, and why, in the student's words."""

    student: int
    first: dt.date
    last: dt.date
    reason: str
    document: Document | None = None


def day_typed(text: str, field: str) -> dt.date:
    """Read a day, as browsers send it or as people type it: 2026-11-09 or 9/11/2026.

    Raises ``InvalidInput`` with a sentence for the student.
    """
    found = _DAY.fullmatch(text.strip())
    if found:
        year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            pass
    sentence = "Enter the first day." if field == "first" else "Enter the last day."
    raise InvalidInput(sentence, field=field)


def check_absence(asked: AbsenceAsked, today: dt.date) -> AbsenceAsked:
    """Tidy the request, or raise ``InvalidInput`` with a sentence for the student."""
    reason = storable(asked.reason).strip()
    if asked.first < today - LOOKED_BACK:
        raise InvalidInput(
            "That is more than 3 months ago. Ask your school office about it.", field="first"
        )
    if asked.last < asked.first:
        raise InvalidInput(
            "The last day comes before the first. Choose a later last day.", field="last"
        )
    if asked.last - asked.first > LONGEST_EXEMPTION:
        raise InvalidInput(
            "An absence lasts a year at most. Choose an earlier last day.", field="last"
        )
    if not reason:
        raise InvalidInput("Please say in a few words why.", field="words")
    within(reason, LONGEST, "words")
    return replace(asked, reason=reason)
