"""One case as a card, a dialog or the person looking after it needs to see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store import repository
from store.queries.replies import came_back
from store.rules.case import Case, Outreach
from store.rules.errors import InvalidInput
from store.rules.model import (
    AnswerKind,
    FlagState,
    InterventionKind,
    Level,
    MarkerFamily,
    Opinion,
    OutreachStatus,
    Rung,
)
from store.tables import (
    cases,
    flags,
    interventions,
    outreach,
    policies,
    schools,
    staff,
    students,
    views,
)


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag as a card shows it."""

    family: MarkerFamily
    reason: str
    source: str
    fresh: dt.date
    raised_on: dt.date
    state: FlagState
    policy_version: int


@dataclass(frozen=True, slots=True)
class ViewView:
    """A colleague's view with the colleague's name."""

    author: str
    opinion: Opinion
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class InterventionView:
    """What was done, by whom."""

    author: str
    kind: InterventionKind
    note: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail of the case, without its words: those open in a dialog."""

    id: int
    rung: Rung
    status: OutreachStatus
    drafter: str
    approver: str | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything that a case's card may show. Nothing in it names the student."""

    case: Case
    school_code: str
    school_name: str
    level: Level
    programme: str
    owner: str | None
    flags: tuple[FlagView, ...]
    views: tuple[ViewView, ...]
    interventions: tuple[InterventionView, ...]
    mails: tuple[MailView, ...]
    answered_at: tuple[dt.datetime, ...]
    weeks: tuple[int, ...]
    weeks_until: dt.date
    closed_at: dt.datetime | None
    outcome_note: str


@dataclass(frozen=True, slots=True)
class PrivateView:
    """Who the student is, and what they wrote: for a private dialog, and audited when opened."""

    name: str
    number: str
    university_email: str
    personal_email: str
    answers: tuple[tuple[dt.datetime, str], ...]
    automatic: tuple[tuple[dt.datetime, str], ...] = ()
    """Replies that no person wrote: context, not answers."""


def case_view(connection: sa.Connection, case_id: int) -> CaseView:
    """A case for its card."""
    owner = staff.alias("owner")
    row = connection.execute(
        sa.select(
            cases,
            schools.c.code,
            schools.c.name.label("school_name"),
            students.c.level,
            students.c.programme,
            owner.c.name.label("owner_name"),
        )
        .join(schools, schools.c.id == cases.c.school_id)
        .join(students, students.c.id == cases.c.student_id)
        .outerjoin(owner, owner.c.id == cases.c.owner_id)
        .where(cases.c.id == case_id)
    ).one_or_none()
    if row is None:
        raise InvalidInput("That case does not exist.")
    return CaseView(
        case=repository.case_of(row),
        school_code=row.code,
        school_name=row.school_name,
        level=Level(row.level),
        programme=row.programme,
        owner=row.owner_name,
        flags=_flags(connection, case_id),
        views=_views(connection, case_id),
        interventions=_interventions(connection, case_id),
        mails=_mails(connection, case_id),
        answered_at=tuple(at for at, _ in came_back(connection, case_id, AnswerKind.ANSWER)),
        weeks=tuple(row.weeks),
        weeks_until=row.weeks_until,
        closed_at=row.closed_at,
        outcome_note=row.outcome_note,
    )


def private_view(connection: sa.Connection, case_id: int) -> PrivateView:
    """Who the student of a case is. The caller has authorised and audited it."""
    row = connection.execute(
        sa.select(students)
        .join(cases, cases.c.student_id == students.c.id)
        .where(cases.c.id == case_id)
    ).one()
    return PrivateView(
        name=f"{row.given_name} {row.family_name}",
        number=row.number,
        university_email=row.university_email,
        personal_email=row.personal_email,
        answers=came_back(connection, case_id, AnswerKind.ANSWER),
        automatic=came_back(connection, case_id, AnswerKind.AUTOMATIC),
    )


def case_id_of(connection: sa.Connection, reference: str) -> int | None:
    """The id behind a case reference, however it was typed, or None."""
    found: int | None = connection.execute(
        sa.select(cases.c.id).where(cases.c.reference == reference.strip().upper())
    ).scalar_one_or_none()
    return found


def mail(connection: sa.Connection, outreach_id: int) -> Outreach:
    """One mail, whole."""
    return repository.outreach_by_id(connection, outreach_id)


def _flags(connection: sa.Connection, case_id: int) -> tuple[FlagView, ...]:
    rows = connection.execute(
        sa.select(flags, policies.c.version)
        .join(policies, policies.c.id == flags.c.policy_id)
        .where(flags.c.case_id == case_id)
        .order_by(flags.c.raised_on, flags.c.id)
    )
    return tuple(
        FlagView(
            family=MarkerFamily(row.family),
            reason=row.reason_staff,
            source=row.source,
            fresh=row.fresh,
            raised_on=row.raised_on,
            state=FlagState(row.state),
            policy_version=row.version,
        )
        for row in rows
    )


def _views(connection: sa.Connection, case_id: int) -> tuple[ViewView, ...]:
    rows = connection.execute(
        sa.select(views.c.opinion, views.c.reason, views.c.at, staff.c.name)
        .join(staff, staff.c.id == views.c.author_id)
        .where(views.c.case_id == case_id)
        .order_by(views.c.id)
    )
    return tuple(ViewView(row.name, Opinion(row.opinion), row.reason, row.at) for row in rows)


def _interventions(connection: sa.Connection, case_id: int) -> tuple[InterventionView, ...]:
    rows = connection.execute(
        sa.select(interventions.c.kind, interventions.c.note, interventions.c.at, staff.c.name)
        .join(staff, staff.c.id == interventions.c.author_id)
        .where(interventions.c.case_id == case_id)
        .order_by(interventions.c.id)
    )
    return tuple(
        InterventionView(row.name, InterventionKind(row.kind), row.note, row.at) for row in rows
    )


def _mails(connection: sa.Connection, case_id: int) -> tuple[MailView, ...]:
    drafter, approver = staff.alias("drafter"), staff.alias("approver")
    rows = connection.execute(
        sa.select(
            outreach.c.id,
            outreach.c.rung,
            outreach.c.status,
            drafter.c.name.label("drafter"),
            approver.c.name.label("approver"),
            sa.func.coalesce(
                outreach.c.sent_at, outreach.c.approved_at, outreach.c.drafted_at
            ).label("at"),
        )
        .join(drafter, drafter.c.id == outreach.c.drafter_id)
        .outerjoin(approver, approver.c.id == outreach.c.approver_id)
        .where(outreach.c.case_id == case_id)
        .order_by(outreach.c.id)
    )
    return tuple(
        MailView(
            row.id, Rung(row.rung), OutreachStatus(row.status), row.drafter, row.approver, row.at
        )
        for row in rows
    )
