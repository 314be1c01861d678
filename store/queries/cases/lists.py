"""List a school's open cases, most evidence first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.read_once import Of, shown_together
from store.db.together import Together
from store.queries.cases.ended_reasons import ASKS_FOR_CONTACT, ended_reasons
from store.queries.cases.flag_ends import end_words
from store.queries.complaints import complaining_about
from store.queries.deaths import lives
from store.queries.flag_facts import FACT, told_once
from store.queries.students.exemptions import exemption_on
from store.rules.flags.ranking import case_place
from store.rules.model import CaseStatus, ExemptionKind, Outcome, OutreachStatus
from store.tables import (
    CASE_IS_OPEN,
    FLAG_IS_ACTIVE,
    cases,
    complaints,
    flags,
    outreach,
    referrals,
    staff,
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in one line. ``families`` counts the kinds of evidence that agree."""

    id: int
    reference: str
    school: int
    status: CaseStatus
    owner: str | None
    opened_on: dt.date
    reasons: tuple[str, ...]
    families: int
    has_draft: bool = False
    """Whether an email waits to be approved."""
    ended: tuple[str, ...] = ()
    """Why the flags of a case without an active flag ended, latest last."""
    is_over: bool = False
    """Whether every reason has ended, so that it asks for no contact and is closed."""
    complaint: bool = False
    """Whether a complaint about this case itself is open."""
    is_stopped: bool = False
    """Whether a complaint about this case, or about an earlier one of the student, is open."""
    is_leaving: bool = False
    """Whether an approved email has not been sent yet."""
    was_sent: bool = False
    service: str = ""
    """The service of the last referral; '' for none."""
    exempt: ExemptionKind | None = None
    paused_until: dt.date | None = None
    snoozed_until: dt.date | None = None
    outcome: Outcome | None = None
    merged_into: str = ""
    """The reference of the case that this one was merged into; '' where a list has none."""


def open_cases(
    connection: sa.Connection,
    school_ids: Collection[int],
    owner: int | None = None,
    *,
    reader: int | None,
    today: dt.date | None = None,
) -> list[CaseLine]:
    """Return open cases of these schools, most evidence first (``evidence_order``).

    With an ``owner``: the cases that they own, and closed ones on which they own or handle a
    complaint that is still open (§27). ``reader`` is the one member of staff who sees the list:
    cases of students with an open complaint about them are left out (§27). None: everyone in the
    school's channel sees it. ``today`` is needed for exemptions on that day.
    """
    asked = _open_cases(owner is not None, reader is not None)
    values = {"schools": list(school_ids), "owner": owner, "reader": reader}
    rows, active = asked.rows(connection, values)
    reasons = told_once(connection, active, "case_id")
    ended = _ends(connection, [row.id for row in rows if row.id not in reasons])
    over = ended_reasons(connection, ended)
    shown_together(connection, Of.STUDENT, (row.student_id for row in rows))
    exempt = {row.id: exemption_on(connection, row.student_id, today) for row in rows if today}
    lines = [
        CaseLine(
            id=row.id,
            reference=row.reference,
            school=row.school_id,
            status=CaseStatus(row.status),
            owner=row.name,
            opened_on=row.opened_on,
            reasons=tuple(reason for _, reason in reasons.get(row.id, ())),
            families=len({family for family, _ in reasons.get(row.id, ())}),
            has_draft=row.has_draft,
            ended=tuple(ended.get(row.id, ())),
            is_over=row.id in over and CaseStatus(row.status) in ASKS_FOR_CONTACT,
            complaint=row.is_complained_of,
            is_stopped=row.is_stopped,
            is_leaving=row.is_leaving,
            was_sent=row.was_sent,
            service=row.service or "",
            exempt=exempt.get(row.id),
            paused_until=row.paused_until,
            snoozed_until=row.snoozed_until,
            outcome=Outcome(row.outcome) if row.outcome else None,
        )
        for row in rows
    ]
    return sorted(
        lines,
        key=lambda line: (case_place(line.families, len(line.reasons), line.opened_on), line.id),
    )


def _has_mail(status: OutreachStatus) -> sa.Exists:
    return sa.exists().where(outreach.c.case_id == cases.c.id, outreach.c.status == status)


_earlier = cases.alias("earlier")
_STOPPED = sa.exists().where(
    _earlier.c.student_id == cases.c.student_id,
    _earlier.c.id <= cases.c.id,
    complaints.c.case_id == _earlier.c.id,
    complaints.c.resolved_at.is_(None),
)
_SERVICE = (
    sa.select(referrals.c.service_name)
    .where(referrals.c.case_id == cases.c.id)
    .order_by(referrals.c.id.desc())
    .limit(1)
    .scalar_subquery()
)


_COMPLAINED_OF = sa.exists().where(
    complaints.c.case_id == cases.c.id, complaints.c.resolved_at.is_(None)
)
_HERE = cases.c.school_id.in_(sa.bindparam("schools", expanding=True))
_LISTED = (
    sa.select(
        cases,
        staff.c.name,
        _has_mail(OutreachStatus.DRAFT).label("has_draft"),
        _has_mail(OutreachStatus.APPROVED).label("is_leaving"),
        _has_mail(OutreachStatus.SENT).label("was_sent"),
        _COMPLAINED_OF.label("is_complained_of"),
        _STOPPED.label("is_stopped"),
        _SERVICE.label("service"),
    )
    .outerjoin(staff, staff.c.id == cases.c.owner_id)
    .where(_HERE, lives(cases.c.student_id))
)
_ACTIVE_REASONS = (
    sa.select(flags.c.case_id, flags.c.reason_staff, *FACT)
    .join(cases, cases.c.id == flags.c.case_id)
    .where(_HERE, CASE_IS_OPEN, FLAG_IS_ACTIVE)
    .order_by(flags.c.raised_on, flags.c.id)
)


@cache
def _open_cases(has_owner: bool, has_reader: bool) -> Together:
    """Ask for the cases of ``open_cases``, and for the active flags of open cases there."""
    listed, owner = _LISTED, sa.bindparam("owner", type_=sa.BigInteger)
    if has_owner:
        theirs = cases.c.owner_id == owner
        handled = _COMPLAINED_OF.where(complaints.c.handler_id == owner)
        listed = listed.where(
            (theirs & (CASE_IS_OPEN | _COMPLAINED_OF)) | (handled & ~CASE_IS_OPEN)
        )
    else:
        listed = listed.where(CASE_IS_OPEN)
    if has_reader:
        reader = sa.bindparam("reader", type_=sa.BigInteger)
        listed = listed.where(cases.c.student_id.not_in(complaining_about(reader)))
    return Together(listed, _ACTIVE_REASONS)


def _ends(connection: sa.Connection, which: Sequence[int]) -> dict[int, list[str]]:
    """Map each case to the reasons why its flags ended, in words, each once."""
    found: dict[int, list[str]] = {}
    for part in chunks(which):
        rows = connection.execute(
            sa.select(flags)
            .where(flags.c.case_id.in_(part), flags.c.ended.is_not(None))
            .order_by(flags.c.ended_on, flags.c.id)
        )
        for row in rows:
            words = found.setdefault(row.case_id, [])
            if (label := end_words(connection, row)) not in words:
                words.append(label)
    return found
