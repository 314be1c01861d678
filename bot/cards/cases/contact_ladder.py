"""Show where a case stands on its contact ladder: in one line, or step by step."""

from __future__ import annotations

import datetime as dt

from bot.cards.cases.offers import OFFERS
from bot.cards.cases.state_words import leaving
from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_ids
from bot.cards.kit.model import Actions, Button, ButtonStyle, Card, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.calendar import Calendar
from store.rules.cases.case import Actor
from store.rules.cases.contact_ladder import MAIL_RUNGS, Ladder, RungState, Standing
from store.rules.model import AttemptResult, CaseStatus, Rung
from store.rules.text.formatting import on_day


def ladder_line(ladder: Ladder, calendar: Calendar) -> str:
    """Say in one sentence where the ladder stands; '' before the first attempt."""
    if ladder.stopped_by:
        said = ladder.stopped_by.sentence.removesuffix(".")
        return f"{said}: contact steps are on hold."
    if not ladder.taken:
        return ""
    if ladder.leaving:
        at = leaving(ladder.leaving.leaves, calendar)
        return f"Contact ladder: {ladder.leaving.rung.label} approved; it {at}."
    if ladder.waiting_until:
        then = f", then {ladder.following.label}" if ladder.following else ""
        return f"Contact ladder: waiting until {on_day(ladder.waiting_until)}{then}."
    if ladder.proposed:
        return f"Next step of the contact ladder: {ladder.proposed.label}."
    return "Every step of the contact ladder has been tried. The student has not been reached."


def ladder_card(
    view: CaseView, ladder: Ladder, calendar: Calendar, person: Actor | None = None
) -> Card:
    """List every step in the school's order, and the one step that comes next.

    ``person``, who reads it, gets a button for that step only where it can succeed.
    """
    said = (
        ladder_line(ladder, calendar) or "There have been no attempts to contact the student yet."
    )
    ids = case_ids(view)
    step = _button(ladder.proposed, ids)
    can = step is not None and _is_offered(step.action, view, person)
    why_not = view.ready.draft_hindrance if view.ready and ladder.proposed in MAIL_RUNGS else ""
    return Card(
        kind="ladder",
        summary=said,
        blocks=(
            Text(f"Contact ladder of {view.case.reference}", TextStyle.HEADING),
            *(Text(f"{n}. {_rung(each, calendar)}") for n, each in enumerate(ladder.rungs, 1)),
            # Where a step comes next, its own line says so.
            *(() if ladder.proposed else (Text(said, TextStyle.SUBTLE),)),
            *([Text(why_not, TextStyle.SUBTLE)] if why_not else []),
            *([Actions((step,))] if step and can else []),
        ),
    )


def _button(rung: Rung | None, ids: dict[str, str]) -> Button | None:
    if rung in MAIL_RUNGS:
        return Button("Draft email", "draft", ids, ButtonStyle.PRIMARY, opens_dialog=True)
    if rung is not None:
        return Button("Log an attempt", "attempt", ids, ButtonStyle.PRIMARY, opens_dialog=True)
    return None


def _is_offered(action: str, view: CaseView, person: Actor | None) -> bool:
    offered = _OFFERED_AS.get(action, action)
    return any(each.action == offered and each.fits(view, person) for each in OFFERS)


_OFFERED_AS = {"attempt": "log"}
"""A step's command → the button of the case's card that says whether it can succeed."""


def _rung(state: RungState, calendar: Calendar) -> str:
    label = state.rung.label.capitalize()
    if state.before is not None:
        came = f", {state.before.result.label}" if state.before.result else ""
        return f"{label}: {on_day(calendar.local(state.before.at).date())}{came}"
    if state.on is None:
        return f"{label}: {_NOT_TAKEN[state.standing]}"
    if state.leaves:
        on = on_day(state.on)
        return f"{label}: approved on {on}; it {leaving(state.leaves, calendar)}"
    came = f", {state.result.label}" if state.result else ""
    wait = f"; waiting until {on_day(state.until)}" if state.until else ""
    return f"{label}: {on_day(state.on)}{came}{wait}"


_NOT_TAKEN = {
    Standing.NEXT: "this comes next",
    Standing.LATER: "not yet",
    Standing.IMPOSSIBLE: "the roster has no address for it",
}


@example("ladder")
def _ladder() -> Card:
    day = dt.date(2026, 11, 9)
    rungs = (
        RungState(Rung.UNIVERSITY_EMAIL, Standing.DONE, day, AttemptResult.BOUNCED),
        RungState(Rung.PERSONAL_EMAIL, Standing.IMPOSSIBLE),
        RungState(Rung.PHONE, Standing.NEXT),
        RungState(Rung.DIGITAL_TRACES, Standing.LATER),
    )
    view = sample.sample_case_view(CaseStatus.DISCUSSING)
    return ladder_card(view, Ladder(rungs, proposed=Rung.PHONE), Calendar())
