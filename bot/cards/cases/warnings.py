"""What a colleague has to know about a case before doing anything with it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.cases.doubts import doubt_lines
from bot.cards.students import voice_lines
from store.queries.cases.records import CaseView
from store.rules.calendar import institution_day
from store.rules.model import CaseStatus, ExemptionKind
from store.rules.text.formatting import on_day


def standing(view: CaseView) -> Iterator[str]:
    """One sentence for each thing that stands in the way of contact, or that waits for somebody.

    The gravest first. None of them names the student or says what a complaint is about.
    """
    case = view.case
    if case.complaint_on:
        yield (
            f"A complaint about an earlier case of this student, {case.complaint_on}, is open. Do "
            "not email the student about engagement until it is resolved."
        )
    elif case.complaint:
        by = f" The informal step is due by {on_day(view.informal_by)}." if view.informal_by else ""
        yield f"A complaint is open: nobody writes to the student about engagement.{by}"
    for used in view.emergencies:
        if used.reviewed_by is None:
            yield f"{used.used_by} used the welfare route. The lead has not reviewed it yet."
    for alert in view.alerts:
        if alert.acknowledged_by is None:
            yield (
                f"{alert.alerted_by} of the {alert.from_school} alerted the home school; nobody "
                "has acknowledged it yet."
            )
    yield from voice_lines(view)
    yield from doubt_lines(view)
    yield from _before_and_after(view)
    yield from view.troubles
    yield from _resting(view)
    if view.exempt is not None and view.exempt is not ExemptionKind.DECEASED:
        yield f"The student is exempt now: {view.exempt.label}."
    if view.left_on:
        yield f"Every enrolment of the student ended by {on_day(view.left_on)}."
    if case.snoozed_until is not None and not case.is_closed:
        yield f"Snoozed until {on_day(case.snoozed_until)}."


def _before_and_after(view: CaseView) -> Iterator[str]:
    if view.follows and not view.case.is_closed:
        on = on_day(institution_day(view.follows.closed_at))
        how = " as a data error" if view.follows.was_data_error else ""
        same = "The data still shows the same." if how else "What raised it is still there."
        said = f"An earlier case was closed on {on}{how}."
        yield f"{said} {same}" if view.follows.still_holds else said
    if view.followed_by and view.case.is_closed:
        yield f"The student has a later case: {view.followed_by}."


def _resting(view: CaseView) -> Iterator[str]:
    match view.case.status:
        case CaseStatus.PAUSED if not view.case.has_own_complaint:
            until = view.case.paused_until
            when = f" until {on_day(until)}" if until else ""
            why = view.case.pause_reason.strip().rstrip(".")
            yield f"Paused{when}" + (f": {why}." if why else ".")
        case CaseStatus.HANDED_OVER:
            yield "Handed over to this school. A colleague acknowledges it before anything else."
        case CaseStatus.RE_ENGAGING:
            yield "What raised the flags is over. Close it once you are sure that it stays so."
        case CaseStatus.MERGED:
            into = view.merged_into or "the student's open case"
            yield f"This case goes on in {into}."
