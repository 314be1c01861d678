"""The links under an email to a student: the purpose of each, and what it allows."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from store.rules.students.link_secrets import secret_spans
from store.rules.students.messages import Saying

LINK_LIFE = dt.timedelta(days=30)
"""From when the email was written."""

PROOF_LIFE = dt.timedelta(hours=2)
"""How long a student who gave their student number need not give it again."""

PATH = "/student"

UNMADE = "…"
"""Stands for the part of a link that is for the student alone."""


class LinkPurpose(StrEnum):
    """The one thing that a student's link allows."""

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
        """Give the messages that a visitor by this link may send."""
        if self in (LinkPurpose.PAGE, LinkPurpose.PROOF):
            return frozenset(Saying)
        # Stopping emails asks for nothing, whatever the mailbox.
        return frozenset({Saying.OPT_OUT if self is LinkPurpose.DOOR else Saying(self.value)})

    @property
    def is_whole(self) -> bool:
        """Whether it leads to all of the student's page, once they have shown who they are."""
        return self in (LinkPurpose.PAGE, LinkPurpose.DOOR)


UNDER_A_MAIL = (
    LinkPurpose.FINE,
    LinkPurpose.WRONG,
    LinkPurpose.CONTACT_BY,
    LinkPurpose.TALK,
    LinkPurpose.PAGE,
)
UNDER_A_PERSONAL_MAIL = (LinkPurpose.DOOR,)
"""One neutral link: several would tell another reader what the email is about."""


def without_secrets(text: str) -> str:
    """Give the text for colleagues, with the secret part of links removed in any encoding."""
    kept, done = [], 0
    for start, end in secret_spans(text):
        kept += [text[done:start], UNMADE]
        done = end
    return "".join([*kept, text[done:]])
