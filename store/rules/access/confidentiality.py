"""Rules for reading a case's confidential notes, and purposes for revealing a student."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from store.rules.access.permissions import Action, may_in_role
from store.rules.cases.case import Actor
from store.rules.model import Role

LONGEST_WHY = 200


class Readers(StrEnum):
    """The readers of a note, chosen by its author. The author may always read it."""

    EVERYBODY = "everybody"
    CASEWORKERS = "caseworkers"
    LEAD = "lead"

    @property
    def label(self) -> str:
        """Return the label of the choice in the form."""
        return _LABELS[self]

    @property
    def roles(self) -> frozenset[Role] | None:
        """Return the roles that may read the note; None: everyone who may see the case."""
        if self is Readers.EVERYBODY:
            return None
        action = Action.REVEAL if self is Readers.CASEWORKERS else Action.LEAD
        return frozenset(role for role in Role if may_in_role(role, action))


_LABELS = {
    Readers.EVERYBODY: "Everyone on the case",
    Readers.CASEWORKERS: "Caseworkers",
    Readers.LEAD: "Only me and the engagement lead",
}


def may_read(
    reader: Actor | None, school: int, author: int, readable_by: Collection[str] | None
) -> bool:
    """Return whether this person may read a note on a case of this home school.

    ``readable_by`` None means everyone who may see the case, which is checked elsewhere.
    """
    if readable_by is None:
        return True
    if reader is None or not reader.active:
        return False
    here = reader.roles.get(school)
    if not here:
        return False
    return reader.id == author or not here.isdisjoint(readable_by)


class RevealPurpose(StrEnum):
    """The purpose for which a colleague sees who a student is."""

    PREPARE_CONTACT = "prepare-contact"
    CHECK_CIRCUMSTANCES = "check-circumstances"
    ANSWER_REQUEST = "answer-request"
    COMPLAINT_OR_REVIEW = "complaint-or-review"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the label of the choice in the form."""
        return _PURPOSES[self]


_PURPOSES = {
    RevealPurpose.PREPARE_CONTACT: "To prepare contact with the student",
    RevealPurpose.CHECK_CIRCUMSTANCES: "To check their circumstances",
    RevealPurpose.ANSWER_REQUEST: "To answer a request",
    RevealPurpose.COMPLAINT_OR_REVIEW: "For a complaint or a review",
    RevealPurpose.OTHER: "For another reason",
}
