"""Who reads what of a case beyond its pseudonym: confidential notes, and why a name was opened."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from store.rules.access.permissions import Action, may_in_role
from store.rules.cases.case import Actor
from store.rules.model import Role

LONGEST_WHY = 200


class Readers(StrEnum):
    """Who may read a note, as its author chooses. The author always may."""

    EVERYBODY = "everybody"
    CASEWORKERS = "caseworkers"
    LEAD = "lead"

    @property
    def label(self) -> str:
        """As the choice reads in the form."""
        return _LABELS[self]

    @property
    def roles(self) -> frozenset[Role] | None:
        """The roles that may read it; None: everybody who may see the case."""
        if self is Readers.EVERYBODY:
            return None
        action = Action.REVEAL if self is Readers.CASEWORKERS else Action.LEAD
        return frozenset(role for role in Role if may_in_role(role, action))


_LABELS = {
    Readers.EVERYBODY: "Everybody on the case",
    Readers.CASEWORKERS: "Caseworkers",
    Readers.LEAD: "Only me and the engagement lead",
}


def may_read(
    reader: Actor | None, school: int, author: int, readable_by: Collection[str] | None
) -> bool:
    """Whether this person reads the words of a note on a case of this home school.

    ``readable_by`` None means everybody who may see the case, which is asked elsewhere.
    """
    if readable_by is None:
        return True
    if reader is None or not reader.active:
        return False
    here = reader.roles.get(school, frozenset())
    return bool(here) and (reader.id == author or not here.isdisjoint(readable_by))


class RevealPurpose(StrEnum):
    """Why somebody opens who a student is."""

    PREPARE_CONTACT = "prepare-contact"
    CHECK_CIRCUMSTANCES = "check-circumstances"
    ANSWER_REQUEST = "answer-request"
    COMPLAINT_OR_REVIEW = "complaint-or-review"
    OTHER = "other"

    @property
    def label(self) -> str:
        """As the choice reads in the form."""
        return _PURPOSES[self]


_PURPOSES = {
    RevealPurpose.PREPARE_CONTACT: "To prepare contact with the student",
    RevealPurpose.CHECK_CIRCUMSTANCES: "To check their circumstances",
    RevealPurpose.ANSWER_REQUEST: "To answer a request",
    RevealPurpose.COMPLAINT_OR_REVIEW: "For a complaint or a review",
    RevealPurpose.OTHER: "For something else",
}
