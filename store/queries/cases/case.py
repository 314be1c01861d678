"""Read one case for its card, a dialog or its owner."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db import repository
from store.queries.cases.case_statements import CASE
from store.queries.cases.ended_reasons import ended_reasons, misinformed_on
from store.queries.cases.entries import RecordEntry, entries_of
from store.queries.cases.first_view import Which, before_any_view
from store.queries.cases.flags import flags_of
from store.queries.cases.records import (
    AlertView,
    AttemptView,
    CaseView,
    EmergencyView,
    FlagView,
    FollowedView,
    InterventionView,
    MailView,
    ReferralView,
    ViewView,
)
from store.queries.deaths import death_of
from store.queries.schools import troubles
from store.queries.schools.no_case import students_without_case
from store.queries.students.enrolments import left_on
from store.queries.students.exemptions import exemption_on
from store.queries.students.messages import preference_of, said_on
from store.rules.access.confidentiality import may_read
from store.rules.cases.case import Actor, Case
from store.rules.errors import InvalidInput
from store.rules.flag_rules.session_weeks import active_days, stored_days, stored_sessions
from store.rules.model import (
    AttemptResult,
    CaseStatus,
    Doubt,
    ExemptionKind,
    FlagState,
    InterventionKind,
    Level,
    Opinion,
    Outcome,
    OutreachStatus,
    Rung,
)
from store.tables import (
    cases,
    complaints,
    flags,
    interventions,
)


def case_view(
    connection: sa.Connection,
    case_id: int,
    today: dt.date | None = None,
    reader: Actor | None = None,
) -> CaseView:
    """Return a case for its card. ``today`` is needed for the student's exemption on that day.

    The words of a confidential note are loaded only for a ``reader`` who may read them.

    Raises ``InvalidInput`` where there is no such case.
    """
    row = connection.execute(CASE, {"case": case_id}).one_or_none()
    if row is None or row.erased_at is not None:
        raise InvalidInput("That case does not exist.")
    case = repository.case_from_row(row, *repository.open_complaints(connection, case_id))
    entries = entries_of(connection, case_id)
    early = before_any_view(entries)
    exempt = exemption_on(connection, case.student, today) if today else None
    found = flags_of(connection, case_id)
    told, gaps = troubles.troubles_on_case(connection, case.school, case.id)
    over = None if case.is_closed else ended_reasons(connection, [case.id]).get(case.id)
    return CaseView(
        case=case,
        school_code=row.code,
        school_name=row.school_name,
        level=Level(row.level),
        programme=row.programme,
        owner=row.owner_name,
        flags=found,
        views=tuple(
            ViewView(each.who, Opinion(each.what), each.words, each.at, each.author)
            for each in entries["views"]
        ),
        interventions=_interventions(connection, case, entries["interventions"], reader, early),
        mails=tuple(map(_mail, entries["mails"])),
        answered_at=tuple(each.at for each in entries["answers"]),
        automatic_at=tuple(each.at for each in entries["automatic"]),
        replied_at=tuple(each.at for each in entries["automatic_replies"]),
        weeks=active_days(tuple(row.weeks)),
        sessions=stored_sessions(tuple(row.weeks)),
        session_days=stored_days(tuple(row.weeks)),
        weeks_until=row.weeks_until,
        closed_at=row.closed_at,
        outcome_note=row.outcome_note,
        attempts=tuple(
            AttemptView(
                each.who,
                Rung(each.what),
                AttemptResult(each.result),
                each.at,
                (each.part, each.id) in early,
            )
            for each in entries["attempts"]
        ),
        alerts=tuple(
            AlertView(each.what, each.who, each.at, each.other, each.words)
            for each in entries["alerts"]
        ),
        referrals=tuple(
            ReferralView(
                each.who,
                each.what,
                each.holds,
                each.at,
                each.words,
                (each.part, each.id) in early,
            )
            for each in entries["referrals"]
        ),
        emergencies=tuple(
            EmergencyView(each.who, each.at, each.other, each.words)
            for each in entries["emergencies"]
        ),
        informal_by=_informal_by(connection, case_id) if case.complaint else None,
        exempt=exempt,
        merged_into=row.into_reference,
        said=said_on(connection, case_id),
        doubts=tuple(Doubt(each.what) for each in entries["doubts"]),
        preference=preference_of(connection, case.student),
        # A death holds on every day.
        death=death_of(connection, case.student)
        if today is None or exempt is ExemptionKind.DECEASED
        else None,
        follows=_follows(connection, row.id, row.follows_id),
        followed_by=row.followed_by,
        ended_reasons=over.names if over else (),
        misinformed_on=misinformed_on(connection, case.id),
        unfinished=_unfinished(connection, case, found, today) if today else "",
        left_on=left_on(connection, case.student, today) if today else None,
        troubles=told,
        gaps=gaps,
    )


def _mail(entry: RecordEntry) -> MailView:
    return MailView(
        id=entry.id,
        rung=Rung(entry.what),
        status=OutreachStatus(entry.result),
        drafter=entry.who,
        approver=entry.other,
        at=entry.at,
        not_sent=entry.words,
        prepared=entry.holds,
        leaves=entry.leaves,
    )


def _interventions(
    connection: sa.Connection,
    case: Case,
    logged: list[RecordEntry],
    reader: Actor | None,
    early: frozenset[Which],
) -> tuple[InterventionView, ...]:
    """Return the interventions; words that the reader may not read are not even loaded."""
    readable = [
        each.id for each in logged if may_read(reader, case.school, each.author, each.readers)
    ]
    query = sa.select(interventions.c.id, interventions.c.note)
    notes = (
        dict(connection.execute(query.where(interventions.c.id.in_(readable))).all())
        if readable
        else {}
    )
    return tuple(
        InterventionView(
            author=each.who,
            kind=InterventionKind(each.what),
            note=notes.get(each.id, ""),
            at=each.at,
            on=each.on,
            confidential=each.readers is not None,
            hidden=each.id not in notes,
            came_first=(each.part, each.id) in early,
        )
        for each in logged
    )


_before = flags.alias("before")


def _follows(connection: sa.Connection, case_id: int, earlier: int | None) -> FollowedView | None:
    """Return the closed case before this one; None for none, or where it was reopened or
    deleted since."""
    if earlier is None:
        return None
    closed = connection.execute(
        sa.select(cases.c.closed_at, cases.c.outcome, cases.c.reference).where(
            cases.c.id == earlier,
            cases.c.closed_at.is_not(None),
            cases.c.outcome.is_not(None),
            cases.c.erased_at.is_(None),
        )
    ).one_or_none()
    if closed is None:
        return None
    same = sa.exists().where(
        _before.c.case_id == earlier,
        _before.c.school_id == flags.c.school_id,
        _before.c.key == flags.c.key,
    )
    still = sa.select(flags.c.id).where(
        flags.c.case_id == case_id, flags.c.state == FlagState.ACTIVE, same
    )
    return FollowedView(
        closed.closed_at,
        closed.outcome == Outcome.DATA_ERROR,
        connection.execute(still.limit(1)).first() is not None,
        closed.reference,
    )


def _unfinished(
    connection: sa.Connection, case: Case, found: tuple[FlagView, ...], today: dt.date
) -> str:
    """Explain a closed case's active flags where the student has no open case; '' for none."""
    goes_on = any(each.goes_on for each in found)
    if case.status is not CaseStatus.CLOSED or not goes_on:
        return ""
    silent = students_without_case(connection, today, student=case.student)
    return str(silent[0].explained) if silent else ""


def _informal_by(connection: sa.Connection, case_id: int) -> dt.date | None:
    query = sa.select(sa.func.min(complaints.c.informal_by)).where(
        complaints.c.case_id == case_id, complaints.c.resolved_at.is_(None)
    )
    return connection.execute(query).scalar_one_or_none()
