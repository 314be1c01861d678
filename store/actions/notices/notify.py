"""Tell one colleague something privately, through the outbox.

A stored notice names its subject only. Its words are made when it is sent, from what is true and
from the person's roles at that time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.delivery import outbox
from store.rules.model import NoticeKind, OutboxKind
from store.tables import notices


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to a colleague: its kind and its subject.

    ``key`` names the occasion: a person gets the same kind and key once. ``about`` is the id of a
    subject other than the case, depending on the kind: a request for a view, an alert, a use of the
    welfare route.
    """

    kind: NoticeKind
    school: int
    key: str
    case: int | None = None
    about: int | None = None
    day: dt.date | None = None
    not_before: dt.datetime | None = None
    words: str = ""
    """What to say of a subject that is no longer there. It names no person."""


def notify_person(work: UnitOfWork, person: int, notice: Notice, *, by: int | None = None) -> None:
    """Queue a notice to a member of staff, once.

    A person is not told of their own action: ``by`` is the actor. While the person is covered, the
    cover is told instead; the worker looks this up when it sends.
    """
    notify_each(work, [(person, notice)], by=by)


def notify_people(
    work: UnitOfWork, people: Iterable[int], notice: Notice, *, by: int | None = None
) -> None:
    """Queue the same notice to each of these members of staff, like ``notify_person``."""
    notify_each(work, [(person, notice) for person in people], by=by)


def notify_each(
    work: UnitOfWork, told: Iterable[tuple[int, Notice]], *, by: int | None = None
) -> None:
    """Queue to each member of staff their own notice, like ``notify_person``: three statements,
    however many they are. A person gets one of each kind at most."""
    wanted = {
        f"notice:{notice.kind}:{notice.key}:{person}": (person, notice)
        for person, notice in told
        if person != by
    }
    for known in outbox.known_keys(work, wanted):
        del wanted[known]
    if not wanted:
        return
    made = work.connection.execute(
        sa.insert(notices).returning(notices.c.id, notices.c.staff_id, notices.c.kind),
        [
            {
                "staff_id": person,
                "school_id": notice.school,
                "kind": notice.kind,
                "case_id": notice.case,
                "about": notice.about,
                "day": notice.day,
                "at": work.now,
                "words": notice.words,
            }
            for person, notice in wanted.values()
        ],
    )
    numbers = {(person, kind): number for number, person, kind in made}
    rows = [
        {
            "idem_key": idem,
            "kind": OutboxKind.NOTICE,
            "school_id": notice.school,
            "case_id": notice.case,
            "notice_id": numbers[person, notice.kind],
            "day": notice.day,
            "not_before": notice.not_before or work.now,
        }
        for idem, (person, notice) in wanted.items()
    ]
    outbox.put_many(work, rows)
