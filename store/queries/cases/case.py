"""Read one case for its card, a dialog or its owner."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.db.case_rows import case_row, complaints_on
from store.db.student_keys import open_notes
from store.queries.cases.ended_reasons import misinformed_on, why_over
from store.queries.cases.entries import RecordEntry, entries_of
from store.queries.cases.first_view import Which, before_any_view
from store.queries.cases.flags import flags_of
from store.queries.cases.record_rows import record_rows
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
from store.queries.schools.no_case import why_no_case
from store.queries.schools.troubles import troubles_on_case
from store.queries.students.adjustments import not_expected
from store.queries.students.enrolments import left_on
from store.queries.students.exemptions import exemption_on
from store.queries.students.messages import SayingView, preference_of
from store.rules.access.confidentiality import may_read
from store.rules.cases.case import Actor, Case
from store.rules.errors import InvalidInput
from store.rules.flag_rules.session_weeks import (
    active_days,
    stored_days,
    stored_median,
    stored_sessions,
)
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
from store.rules.students.messages import ContactWay, Saying
from store.tables import interventions


def case_view(
    connection: sa.Connection,
    case_id: int,
    today: dt.date | None = None,
    reader: Actor | None = None,
    *,
    is_brief: bool = False,
) -> CaseView:
    """Return a case for its card. ``today`` is needed for the student's exemption on that day.

    The words of a confidential note are loaded only for a ``reader`` who may read them.
    ``is_brief``: for a list, which asks whose turn it is, without its flags and troubles.

    Raises ``InvalidInput`` where there is no such case.
    """
    row = case_row(connection, case_id)
    if row is None:
        raise InvalidInput("That case does not exist.")
    case = repository.case_from_row(row, *repository.open_complaints(connection, case_id))
    entries = entries_of(connection, case_id)
    early = before_any_view(entries)
    exempt = exemption_on(connection, case.student, today) if today else None
    found = () if is_brief else flags_of(connection, case_id)
    told, gaps = ((), {}) if is_brief else troubles_on_case(connection, case.school, case.id)
    has_reason = case.is_closed or any(flag.state is FlagState.ACTIVE for flag in found)
    over = None if has_reason else why_over(connection, case.id)
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
        class_median=stored_median(tuple(row.weeks)),
        weeks_until=row.weeks_until,
        closed_at=row.closed_at,
        outcome_note=open_notes(connection, [row.outcome_note])[0],
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
        informal_by=_informal_by(connection, case_id),
        exempt=exempt,
        not_expected=not_expected(record_rows(connection, case_id).agreed, today) if today else (),
        merged_into=row.into_reference,
        said=tuple(map(_saying, entries["said"])),
        doubts=tuple(Doubt(each.what) for each in entries["doubts"]),
        preference=preference_of(connection, case.student),
        # A death holds on every day.
        death=death_of(connection, case.student)
        if today is None or exempt is ExemptionKind.DECEASED
        else None,
        follows=_follows(row),
        followed_by=row.followed_by,
        ended_reasons=over.names if over else (),
        misinformed_on=() if is_brief else misinformed_on(connection, case),
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
    """Return the interventions; confidential words that the reader may not read are not even
    loaded."""
    readable = {
        each.id for each in logged if may_read(reader, case.school, each.author, each.readers)
    }
    sealed = sorted(each.id for each in logged if each.id in readable and each.readers is not None)
    query = sa.select(interventions.c.id, interventions.c.note)
    notes = {each.id: each.words for each in logged if each.readers is None}
    if sealed:
        rows = connection.execute(query.where(interventions.c.id.in_(sealed))).all()
        words = open_notes(connection, [row.note for row in rows])
        notes |= {row.id: note for row, note in zip(rows, words, strict=True)}
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


def _saying(entry: RecordEntry) -> SayingView:
    way = ContactWay(entry.result) if entry.result else None
    return SayingView(entry.id, Saying(entry.what), way, entry.at, bool(entry.holds))


def _follows(row: Any) -> FollowedView | None:
    """Return the closed case before this one; None for none, or where it was reopened or
    deleted since."""
    if row.before_closed_at is None or row.before_outcome is None:
        return None
    return FollowedView(
        row.before_closed_at,
        row.before_outcome == Outcome.DATA_ERROR,
        bool(row.goes_on_from_before),
        row.before_reference,
    )


def _unfinished(
    connection: sa.Connection, case: Case, found: tuple[FlagView, ...], today: dt.date
) -> str:
    """Explain a closed case's active flags where the student has no open case; '' for none."""
    goes_on = any(each.goes_on for each in found)
    if case.status is not CaseStatus.CLOSED or not goes_on:
        return ""
    return why_no_case(connection, case.student, today)


def _informal_by(connection: sa.Connection, case_id: int) -> dt.date | None:
    about = (row for row in complaints_on(connection, case_id) if row.complained_of == case_id)
    return min((row.informal_by for row in about), default=None)
