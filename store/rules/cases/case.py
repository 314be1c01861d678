"""The case and its records, frozen, for the rules to decide on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from store.rules.letters.approval_basis import Basis
from store.rules.letters.letter import Language
from store.rules.letters.meeting import Meeting
from store.rules.model import (
    ENDED_CASES,
    CaseStatus,
    Opinion,
    Outcome,
    OutreachStatus,
    Purpose,
    Role,
    Rung,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff who acts. Roles are read from the store at every action."""

    id: int
    name: str
    active: bool
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    """School id → the person's roles there."""

    def is_in(self, school: int) -> bool:
        """Return whether this person has any role in the school."""
        return bool(self.roles.get(school))


@dataclass(frozen=True, slots=True)
class Case:
    """A case about one student. A student has at most one open case."""

    id: int
    reference: str
    student: int
    school: int
    """The home school: it alone may contact the student."""
    status: CaseStatus
    owner: int | None
    version: int
    opened_on: dt.date
    outcome: Outcome | None = None
    rested_from: CaseStatus | None = None
    """The status to which a paused or referred case resumes."""
    paused_until: dt.date | None = None
    pause_reason: str = ""
    snoozed_until: dt.date | None = None
    """No reminders are sent until then; contact is still possible."""
    merged_into: int | None = None
    complaint: bool = False
    """Whether a complaint about it, or about an earlier case of the student, is open. Then no
    emails about engagement are sent (paragraph 27)."""
    barred: frozenset[int] = frozenset()
    """Staff named in an open complaint: they cannot act on this case."""
    complaint_on: str = ""
    """The reference of the earlier case whose complaint is carried to this one; '' for its own."""

    @property
    def has_own_complaint(self) -> bool:
        """Return whether the complaint is about this case itself, so that it is resolved here."""
        return self.complaint and not self.complaint_on

    @property
    def is_closed(self) -> bool:
        """Return whether the case can only be reopened."""
        return self.status in ENDED_CASES


@dataclass(frozen=True, slots=True)
class View:
    """A colleague's recorded opinion on whether and how to intervene."""

    author: int
    opinion: Opinion
    reason: str
    at: dt.datetime
    roles: frozenset[Role] = frozenset()
    """The author's roles in the case's home school now."""


@dataclass(frozen=True, slots=True)
class Outreach:
    """A message to the student, one step of the contact ladder.

    ``opened_hash`` is the hash of exactly what the person who opened the draft saw; only that
    person may approve, and only while the draft still is that text.
    """

    id: int
    case: int
    rung: Rung
    status: OutreachStatus
    drafter: int
    sender: str
    recipient: str
    subject: str
    body: str
    version: int
    opened_by: int | None = None
    opened_hash: str | None = None
    writers: frozenset[int] = frozenset()
    """Everyone who edited the email, with the drafter."""
    approver: int | None = None
    purpose: Purpose = Purpose.ENGAGEMENT
    body_hash: str | None = None
    returned: str = ""
    """Why an approver returned it; '' once it has been edited."""
    language: Language = Language.ENGLISH
    prepared: bool = False
    """Whether Lantern wrote it for the owner, and no one has changed it."""
    drafted_on: Basis | None = None
    opened_on: Basis | None = None
    """The basis of the email when it was written, and when it was opened to be approved."""
    meeting: Meeting | None = None
    """The meeting that the approver offers with the email."""
    footer: str = ""
    """The student's links, which no one may edit."""

    @property
    def text(self) -> str:
        """Return all the text that the student reads."""
        return f"{self.body}\n\n{self.footer}" if self.footer else self.body
