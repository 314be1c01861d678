"""Warnings about a case that a colleague needs before acting on it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.cases.doubts import doubt_lines
from bot.cards.students import voice_lines
from store.queries.cases.records import CaseView
from store.rules.access.deputies import ENROL
from store.rules.calendar import institution_day
from store.rules.model import CaseStatus, ExemptionKind
from store.rules.text.formatting import day_ahead, listed, on_day


def case_warnings(view: CaseView) -> Iterator[str]:
    """Yield one sentence for each thing that blocks contact or needs action.

    The most serious first. None of them names the student or says what a complaint is about.
    """
    yield from pressing(view)
    yield from before_and_after(view)
    yield from _resting(view)
    case = view.case
    if view.exempt is not None and view.exempt is not ExemptionKind.DECEASED:
        yield f"The student is exempt now: {view.exempt.label}."
    for family, until in view.not_expected:
        ends = day_ahead(until, case.opened_on)
        yield f"By agreement, not expected until {ends}: {family.label}."
    if view.left_on:
        yield f"Every enrolment of the student ended by {on_day(view.left_on)}."
    if case.snoozed_until is not None and not case.is_closed:
        yield f"Snoozed until {day_ahead(case.snoozed_until, case.opened_on)}."


def pressing(view: CaseView) -> Iterator[str]:
    """Yield the most urgent warnings, which stand on the face of the card."""
    case = view.case
    if case.complaint_on:
        yield (
            f"A complaint about an earlier case of this student, {case.complaint_on}, is open. Do "
            "not email the student about engagement until it is resolved."
        )
    elif case.complaint:
        by = f" The informal step is due by {on_day(view.informal_by)}." if view.informal_by else ""
        yield (
            "A complaint is open. Do not email the student about engagement until it is "
            f"resolved.{by}"
        )
    waiting = [used for used in view.emergencies if used.reviewed_by is None]
    names = view.ready.review_names if view.ready else ()
    for number, used in enumerate(waiting):
        by = names[number] if number < len(names) else "The lead"
        reviews = f"{by} has not reviewed it yet" if by else f"No one can review it yet: {ENROL}"
        yield f"{used.used_by} used the welfare route. {reviews}."
    for alert in view.alerts:
        if alert.acknowledged_by is None:
            yield (
                f"{alert.alerted_by} of the {alert.from_school} alerted the home school. The home "
                "school has not acknowledged it yet."
            )
    if not case.is_closed:
        yield from _misinformed(view)
    if view.ended_reasons:
        yield f"Every reason has ended: {listed(view.ended_reasons)}."
    yield from voice_lines(view)
    yield from doubt_lines(view)
    yield from view.troubles


def _misinformed(view: CaseView) -> Iterator[str]:
    """Name the emails that told the student what turned out to be wrong."""
    if view.misinformed_on:
        days = listed([on_day(day) for day in view.misinformed_on])
        yield (
            f"Our email of {days} told the student something that later data corrected. Tell the "
            "student "
            "that it was wrong, for example by phone, and log it."
        )


def before_and_after(view: CaseView) -> Iterator[str]:
    """Yield sentences on the student's earlier case, and on what followed a closed one."""
    if view.case.is_closed:
        yield from _misinformed(view)
    if view.follows and not view.case.is_closed:
        on = day_ahead(institution_day(view.follows.closed_at), view.case.opened_on)
        how = " as a data error" if view.follows.was_data_error else ""
        same = "The data still shows the same." if how else "The same flags are still active."
        which = f"An earlier case, {view.follows.reference}," if view.follows.reference else ""
        said = f"{which or 'An earlier case'} was closed on {on}{how}."
        yield f"{said} {same}" if view.follows.still_holds else said
    if view.followed_by and view.case.is_closed:
        yield f"The student has a later case: {view.followed_by}."
    if view.unfinished:
        yield f"There are still active flags and no open case: {view.unfinished}."


def _resting(view: CaseView) -> Iterator[str]:
    match view.case.status:
        case CaseStatus.PAUSED if not view.case.has_own_complaint:
            until = view.case.paused_until
            when = f" until {day_ahead(until, view.case.opened_on)}" if until else ""
            why = view.case.pause_reason.strip().rstrip(".")
            yield f"Paused{when}" + (f": {why}." if why else ".")
        case CaseStatus.HANDED_OVER:
            yield "Handed over to this school. A colleague needs to acknowledge it first."
        case CaseStatus.RE_ENGAGING:
            yield "The flags have cleared. Close the case once you are sure that they stay clear."
        case CaseStatus.MERGED:
            into = view.merged_into or "the student's open case"
            yield f"This case continues as {into}."
