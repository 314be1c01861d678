"""Read the flags whose figures are stated in an email that has not been sent yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.policies.versions import PublishedPolicy
from store.rules.flag_rules.evidence import SOURCES_APART
from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagState, MarkerFamily, OutreachStatus, Purpose
from store.tables import FLAG_IS_ACTIVE, flags, outreach, screenings

_UNSENT = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Stated:
    """An active flag, and what an unsent email says about it."""

    run: FlagRun
    words: str
    fresh: dt.date
    """The last day of the records that the words rest on."""
    sources: frozenset[str]
    is_overall: bool
    """Whether it is about no single module."""


def newest_screened(connection: sa.Connection, school: int) -> dt.date | None:
    """Return the newest day that was screened in a school; None before the first."""
    newest: dt.date | None = connection.execute(
        sa.select(sa.func.max(screenings.c.day)).where(screenings.c.school_id == school)
    ).scalar()
    return newest


def stated_in_emails(connection: sa.Connection, published: PublishedPolicy) -> list[Stated]:
    """Return a school's active flags on cases with a draft or an approved email about engagement.

    Flags that were worded under another policy version than the one in force are left out: their
    email is written again for that reason anyway.
    """
    unsent = sa.select(outreach.c.case_id).where(
        outreach.c.status.in_(_UNSENT), outreach.c.purpose == Purpose.ENGAGEMENT
    )
    rows = connection.execute(
        sa.select(flags)
        .where(
            flags.c.school_id == published.school,
            FLAG_IS_ACTIVE,
            flags.c.case_id.in_(unsent),
            sa.func.coalesce(flags.c.worded_policy_id, flags.c.policy_id) == published.id,
        )
        .order_by(flags.c.id)
    )
    return [_stated(row) for row in rows]


def _stated(row: Any) -> Stated:
    run = FlagRun(
        id=row.id,
        student=row.student_id,
        key=row.key,
        state=FlagState.ACTIVE,
        raised_on=row.raised_on,
        last_found_on=row.last_found_on,
        family=MarkerFamily(row.family),
        source=row.source,
        measured=row.measured,
    )
    sources = frozenset(row.source.split(SOURCES_APART))
    return Stated(run, row.reason_student, row.fresh, sources, row.module is None)
