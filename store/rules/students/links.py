"""The links under an email to a student: the purpose of each, and what it allows."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from store.rules.students.link_secrets import secret_spans
from store.rules.students.messages import Saying

LINK_LIFE = dt.timedelta(days=30)
"""How long a link works, from when the email was written."""

PROOF_LIFE = dt.timedelta(hours=2)
"""How long a student who gave their student number need not give it again."""

PATH = "/student"

DOCUMENTS = f"{PATH}/document"
"""Where a colleague gets the document that came with a request."""

UNMADE = "…"
"""A placeholder for the secret part of a link."""


class LinkPurpose(StrEnum):
    """The one thing that a student's link allows."""

    FINE = "fine"
    WRONG = "wrong"
    CONTACT_BY = "contact-by"
    TALK = "talk"
    PAGE = "page"
    """The student's own page, with everything on it."""
    DOOR = "door"
    """The same page after giving the student number: others may read a personal mailbox."""
    PROOF = "proof"
    """Not a link: the proof that the page carries once the number was given."""

    @property
    def may_say(self) -> frozenset[Saying]:
        """Return the messages that a visitor by this link may send."""
        if self in (LinkPurpose.PAGE, LinkPurpose.PROOF):
            # A request to be absent needs a sign-in.
            return frozenset(Saying) - {Saying.ABSENCE}
        # Opting out of emails needs no proof, whatever the mailbox.
        return frozenset({Saying.OPT_OUT if self is LinkPurpose.DOOR else Saying(self.value)})

    @property
    def is_whole(self) -> bool:
        """Whether the link opens the student's whole page, once they have given their number."""
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
    """Return the text without the secret parts of links, in any encoding, for colleagues."""
    kept, done = [], 0
    for start, end in secret_spans(text):
        kept += [text[done:start], UNMADE]
        done = end
    return "".join([*kept, text[done:]])
