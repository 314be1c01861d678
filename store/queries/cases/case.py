"""Read one case for its card, a dialog or its owner."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db import repository
from store.queries.cases.mails import mails_of
from store.queries.cases.records import (
    AlertView,
    AttemptView,
    CaseView,
    EmergencyView,
    FlagView,
    FollowedView,
    InterventionView,
    ReferralView,
    ViewView,
)
from store.queries.deaths import death_of
from store.queries.module_titles import by_title
from store.queries.outreach.replies import answered_at, doubts_of
from store.queries.schools.troubles import gaps_of_sources, told_troubles
from store.queries.students.enrolments import left_on
from store.queries.students.exemptions import exemption_on
from store.queries.students.messages import preference_of, said_on
from store.rules.access.confidentiality import may_read
from store.rules.cases.case import Actor, Case, Outreach
from store.rules.errors import InvalidInput
from store.rules.flag_rules.session_weeks import active_days, stored_sessions
from store.rules.model import (
    AttemptResult,
    FlagEnd,
    FlagState,
    InterventionKind,
    Level,
    MarkerFamily,
    Opinion,
    Outcome,
    Rung,
)
from store.tables import (
    alerts,
    attempts,
    cases,
    complaints,
    emergencies,
    flags,
    interventions,
    policies,
    referrals,
    schools,
    staff,
    students,
    views,
)


def case_view(
    connection: sa.Connection,
    case_id: int,
    today: dt.date | None = None,
    reader: Actor | None = None,
) -> CaseView:
    """Return a case for its card. ``today`` is needed for what holds on one day: exemptions.

    The words of a confidential note are loaded only for a ``reader`` who may read them.

    Raises ``InvalidInput`` where there is no such case.
    """
    owner = staff.alias("owner")
    into = cases.alias("into")
    row = connection.execute(
        sa.select(
            cases,
            schools.c.code,
            schools.c.name.label("school_name"),
            students.c.level,
            students.c.programme,
            owner.c.name.label("owner_name"),
            into.c.reference.label("into_reference"),
        )
        .join(schools, schools.c.id == cases.c.school_id)
        .join(students, students.c.id == cases.c.student_id)
        .outerjoin(owner, owner.c.id == cases.c.owner_id)
        .outerjoin(into, into.c.id == cases.c.merged_into)
        .where(cases.c.id == case_id)
    ).one_or_none()
    if row is None or row.erased_at is not None:
        raise InvalidInput("That case does not exist.")
    case = repository.case_of(row, *repository.open_complaints(connection, case_id))
    return CaseView(
        case=case,
        school_code=row.code,
        school_name=row.school_name,
        level=Level(row.level),
        programme=row.programme,
        owner=row.owner_name,
        flags=_flags(connection, case_id),
        views=_views(connection, case_id),
        interventions=_interventions(connection, case, reader),
        mails=mails_of(connection, case_id),
        answered_at=answered_at(connection, case_id),
        weeks=active_days(tuple(row.weeks)),
        sessions=stored_sessions(tuple(row.weeks)),
        weeks_until=row.weeks_until,
        closed_at=row.closed_at,
        outcome_note=row.outcome_note,
        attempts=_attempts(connection, case_id),
        alerts=_alerts(connection, case_id),
        referrals=_referrals(connection, case_id),
        emergencies=_emergencies(connection, case_id),
        informal_by=_informal_by(connection, case_id) if case.complaint else None,
        exempt=exemption_on(connection, case.student, today) if today else None,
        merged_into=row.into_reference,
        said=said_on(connection, case_id),
        doubts=doubts_of(connection, case_id),
        preference=preference_of(connection, case.student),
        death=death_of(connection, case.student),
        follows=_follows(connection, row.id, row.follows_id),
        followed_by=_followed_by(connection, row.id),
        left_on=left_on(connection, case.student, today) if today else None,
        troubles=told_troubles(connection, case=case.id),
        gaps=gaps_of_sources(connection, case.school),
    )


def mail(connection: sa.Connection, outreach_id: int) -> Outreach:
    """Return one email of a case with its whole text."""
    return repository.outreach_by_id(connection, outreach_id)


def _flags(connection: sa.Connection, case_id: int) -> tuple[FlagView, ...]:
    rows = connection.execute(
        sa.select(flags, policies.c.version)
        .join(policies, policies.c.id == flags.c.policy_id)
        .where(flags.c.case_id == case_id)
        .order_by(flags.c.raised_on, flags.c.id)
    ).all()
    reasons = by_title(connection, [(row.module, row.reason_staff) for row in rows])
    return tuple(
        FlagView(
            family=MarkerFamily(row.family),
            reason=reason,
            source=row.source,
            fresh=row.fresh,
            raised_on=row.raised_on,
            state=FlagState(row.state),
            policy_version=row.version,
            end=_end_of(row.ended, FlagState(row.state)),
        )
        for row, reason in zip(rows, reasons, strict=True)
    )


def _end_of(ended: str | None, state: FlagState) -> FlagEnd | None:
    """Return the stored reason; for flags of earlier versions only a correction is known."""
    if ended:
        return FlagEnd(ended)
    return FlagEnd.CORRECTED if state is FlagState.WITHDRAWN else None


def _views(connection: sa.Connection, case_id: int) -> tuple[ViewView, ...]:
    rows = connection.execute(
        sa.select(views.c.opinion, views.c.reason, views.c.at, staff.c.name)
        .join(staff, staff.c.id == views.c.author_id)
        .where(views.c.case_id == case_id)
        .order_by(views.c.id)
    )
    return tuple(ViewView(row.name, Opinion(row.opinion), row.reason, row.at) for row in rows)


def _interventions(
    connection: sa.Connection, case: Case, reader: Actor | None
) -> tuple[InterventionView, ...]:
    """Return the interventions; words that the reader may not read are not even loaded."""
    rows = connection.execute(
        sa.select(
            interventions.c.id,
            interventions.c.kind,
            interventions.c.author_id,
            interventions.c.readable_by,
            interventions.c.at,
            interventions.c.happened_on,
            staff.c.name,
        )
        .join(staff, staff.c.id == interventions.c.author_id)
        .where(interventions.c.case_id == case.id)
        .order_by(interventions.c.id)
    ).all()
    readable = [
        row.id for row in rows if may_read(reader, case.school, row.author_id, row.readable_by)
    ]
    query = sa.select(interventions.c.id, interventions.c.note)
    notes = (
        dict(connection.execute(query.where(interventions.c.id.in_(readable))).all())
        if readable
        else {}
    )
    return tuple(
        InterventionView(
            author=row.name,
            kind=InterventionKind(row.kind),
            note=notes.get(row.id, ""),
            at=row.at,
            on=row.happened_on,
            confidential=row.readable_by is not None,
            hidden=row.id not in notes,
        )
        for row in rows
    )


def _attempts(connection: sa.Connection, case_id: int) -> tuple[AttemptView, ...]:
    rows = connection.execute(
        sa.select(attempts.c.rung, attempts.c.result, attempts.c.at, staff.c.name)
        .join(staff, staff.c.id == attempts.c.author_id)
        .where(attempts.c.case_id == case_id)
        .order_by(attempts.c.id)
    )
    return tuple(
        AttemptView(row.name, Rung(row.rung), AttemptResult(row.result), row.at) for row in rows
    )


def _alerts(connection: sa.Connection, case_id: int) -> tuple[AlertView, ...]:
    by, acknowledger = staff.alias("by"), staff.alias("acknowledger")
    rows = connection.execute(
        sa.select(schools.c.name, by.c.name, alerts.c.at, acknowledger.c.name, alerts.c.why)
        .select_from(alerts)
        .join(schools, schools.c.id == alerts.c.from_school_id)
        .join(by, by.c.id == alerts.c.alerted_by)
        .outerjoin(acknowledger, acknowledger.c.id == alerts.c.acknowledged_by)
        .where(alerts.c.case_id == case_id)
        .order_by(alerts.c.id)
    )
    return tuple(AlertView(*row) for row in rows)


def _referrals(connection: sa.Connection, case_id: int) -> tuple[ReferralView, ...]:
    rows = connection.execute(
        sa.select(
            staff.c.name,
            referrals.c.service_name,
            referrals.c.consented,
            referrals.c.at,
            referrals.c.note,
        )
        .join(staff, staff.c.id == referrals.c.author_id)
        .where(referrals.c.case_id == case_id)
        .order_by(referrals.c.id)
    )
    return tuple(ReferralView(*row) for row in rows)


def _emergencies(connection: sa.Connection, case_id: int) -> tuple[EmergencyView, ...]:
    by, reviewer = staff.alias("by"), staff.alias("reviewer")
    rows = connection.execute(
        sa.select(by.c.name, emergencies.c.at, reviewer.c.name)
        .select_from(emergencies)
        .join(by, by.c.id == emergencies.c.used_by)
        .outerjoin(reviewer, reviewer.c.id == emergencies.c.reviewed_by)
        .where(emergencies.c.case_id == case_id)
        .order_by(emergencies.c.id)
    )
    return tuple(EmergencyView(*row) for row in rows)


def _follows(connection: sa.Connection, case_id: int, earlier: int | None) -> FollowedView | None:
    """Return the closed case before this one; None for none, or where it was reopened since."""
    if earlier is None:
        return None
    closed = connection.execute(
        sa.select(cases.c.closed_at, cases.c.outcome).where(
            cases.c.id == earlier, cases.c.closed_at.is_not(None), cases.c.outcome.is_not(None)
        )
    ).one_or_none()
    if closed is None:
        return None
    before = flags.alias("before")
    same = sa.exists().where(
        before.c.case_id == earlier,
        before.c.school_id == flags.c.school_id,
        before.c.key == flags.c.key,
    )
    still = sa.select(flags.c.id).where(
        flags.c.case_id == case_id, flags.c.state == FlagState.ACTIVE, same
    )
    return FollowedView(
        closed.closed_at,
        closed.outcome == Outcome.DATA_ERROR,
        connection.execute(still.limit(1)).first() is not None,
    )


def _followed_by(connection: sa.Connection, case_id: int) -> str | None:
    later = sa.select(cases.c.reference).where(cases.c.follows_id == case_id)
    found: str | None = connection.execute(
        later.order_by(cases.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    return found


def _informal_by(connection: sa.Connection, case_id: int) -> dt.date | None:
    query = sa.select(sa.func.min(complaints.c.informal_by)).where(
        complaints.c.case_id == case_id, complaints.c.resolved_at.is_(None)
    )
    return connection.execute(query).scalar_one_or_none()
