"""The links under a mail to a student: what each of them is for, and what it may do."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum

from store.rules.students.messages import Saying

LINK_LIFE = dt.timedelta(days=30)
"""From when the mail was written."""

PROOF_LIFE = dt.timedelta(hours=2)
"""How long somebody who gave their student number need not give it again."""

PATH = "/student"

UNMADE = "…"
"""Stands for the part of a link that is for the student alone."""

# Also as a mail filter writes it into an address of its own.
_SECRET = re.compile(r"((?:/|%2F)student(?:/|%2F))(?:[\w-]+\.){2}[\w-]+", re.IGNORECASE)


class LinkPurpose(StrEnum):
    """What one link is for."""

    FINE = "fine"
    WRONG = "wrong"
    CONTACT_BY = "contact-by"
    TALK = "talk"
    PAGE = "page"
    """The student's own page, with everything on it."""
    DOOR = "door"
    """The same behind a question, since others may read a personal mailbox as well."""
    PROOF = "proof"
    """No link: what the page carries along once the question was answered."""

    @property
    def may_say(self) -> frozenset[Saying]:
        """What whoever comes by it may say."""
        if self in (LinkPurpose.PAGE, LinkPurpose.PROOF):
            return frozenset(Saying)
        return frozenset() if self is LinkPurpose.DOOR else frozenset({Saying(self.value)})


UNDER_A_MAIL = (
    LinkPurpose.FINE,
    LinkPurpose.WRONG,
    LinkPurpose.CONTACT_BY,
    LinkPurpose.TALK,
    LinkPurpose.PAGE,
)
UNDER_A_PERSONAL_MAIL = (LinkPurpose.DOOR,)
"""One neutral link: several would tell whoever else reads it what the mail is about."""


def without_secrets(text: str) -> str:
    """The text as colleagues may see it: whoever has a link answers as the student."""
    return _SECRET.sub(rf"\1{UNMADE}", text)
