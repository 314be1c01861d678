"""List a school's open cases, most evidence first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.read_once import Of, shown_together
from store.queries.cases.ended_reasons import ASKS_FOR_CONTACT, ended_reasons
from store.queries.cases.flag_ends import end_words
from store.queries.deaths import lives
from store.queries.flag_facts import FACT, told_once
from store.queries.students.exemptions import exemption_on
from store.rules.flags.ranking import case_place
from store.rules.model import CaseStatus, ExemptionKind, FlagState, Outcome, OutreachStatus
from store.tables import CASE_IS_OPEN, cases, complaints, flags, outreach, referrals, staff


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
    """Say why the flags of a case without an active one ended, latest last."""
    is_over: bool = False
    """Whether every reason is over, so that it asks for no contact and is closed."""
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
    complained = sa.exists().where(
        complaints.c.case_id == cases.c.id, complaints.c.resolved_at.is_(None)
    )
    query = (
        sa.select(
            cases,
            staff.c.name,
            _has_mail(OutreachStatus.DRAFT).label("has_draft"),
            _has_mail(OutreachStatus.APPROVED).label("is_leaving"),
            _has_mail(OutreachStatus.SENT).label("was_sent"),
            complained.label("is_complained_of"),
            _STOPPED.label("is_stopped"),
            _SERVICE.label("service"),
        )
        .outerjoin(staff, staff.c.id == cases.c.owner_id)
        .where(cases.c.school_id.in_(school_ids), lives(cases.c.student_id))
    )
    if owner is None:
        query = query.where(CASE_IS_OPEN)
    else:
        theirs = cases.c.owner_id == owner
        handled = complained.where(complaints.c.handler_id == owner)
        query = query.where((theirs & (CASE_IS_OPEN | complained)) | (handled & ~CASE_IS_OPEN))
    if reader is not None:
        query = query.where(cases.c.student_id.not_in(_complaining_about(reader)))
    rows = connection.execute(query).all()
    reasons = _active_reasons(connection, school_ids)
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


def _complaining_about(reader: int) -> sa.Select[tuple[int]]:
    """Return the students with an open complaint about this member of staff, on any case."""
    concerned = cases.alias("concerned")
    return (
        sa.select(concerned.c.student_id)
        .join(complaints, complaints.c.case_id == concerned.c.id)
        .where(complaints.c.about_id == reader, complaints.c.resolved_at.is_(None))
    )


def _active_reasons(
    connection: sa.Connection, school_ids: Collection[int]
) -> dict[int, list[tuple[str, str]]]:
    """Map each case to (family, reason) of its active flags."""
    rows = connection.execute(
        sa.select(flags.c.case_id, flags.c.reason_staff, *FACT)
        .join(cases, cases.c.id == flags.c.case_id)
        .where(
            cases.c.school_id.in_(school_ids),
            CASE_IS_OPEN,
            flags.c.state == FlagState.ACTIVE,
        )
        .order_by(flags.c.raised_on, flags.c.id)
    ).all()
    return told_once(connection, rows, "case_id")


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
