"""Decide whether Fitness to Study may be recommended, and what argues against it (§16).

It may be recommended only when every contact step was tried, and there was no sign of the student
for the school's sustained period, with every school day measured. It is only a recommendation: a
lead decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from store.rules.calendar import Calendar
from store.rules.cases.case import Case
from store.rules.cases.contact_ladder import Ladder, Taken
from store.rules.flag_rules.base import through
from store.rules.flag_rules.measured_days import days_said
from store.rules.model import AttemptResult, CaseStatus, ExemptionKind, Rung
from store.rules.policies.policy import SchoolPolicy
from store.rules.students.contacts import Contact, ContactQuestion, contacts_that_count
from store.rules.students.digital_traces import Trace
from store.rules.text.formatting import listed, on_day


@dataclass(frozen=True, slots=True)
class SwipesLookedAt:
    """What is known of card swipes. Only a colleague with a stated purpose looks at them."""

    newest: Taken | None
    """The newest check; None: there was none."""
    measured: tuple[Trace, ...]
    """The delivered days of each source, without any data of the student."""


@dataclass(frozen=True, slots=True)
class FitnessFacts:
    """Everything that the decision depends on, as known on the morning of ``today``."""

    case: Case
    ladder: Ladder
    contacts: tuple[Contact, ...]
    """Everything heard or seen of the student, the traces included."""
    traces: tuple[Trace, ...]
    """One trace for each agreed source, over the sustained period."""
    enrolled_since: dt.date | None
    exempt: ExemptionKind | None
    today: dt.date
    swipes: SwipesLookedAt | None = None
    """None where the school has agreed no source of card swipes."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether Fitness to Study is recommended: ``blocks`` has a sentence for each argument against
    it.
    """

    since: dt.date
    """The first day of the sustained period."""
    blocks: tuple[str, ...]

    @property
    def recommended(self) -> bool:
        """Return whether Fitness to Study is recommended, so that a lead decides."""
        return not self.blocks


@dataclass(frozen=True, slots=True)
class FitnessQuestion:
    """What a lead decides on: the assessment, and the summary that would be recorded."""

    case: Case
    assessment: Assessment
    summary: str
    occasion: str = ""
    """The run of the contact ladder, for which the leads are told once."""


def window_first(policy: SchoolPolicy, today: dt.date) -> dt.date:
    """Return the first day of the sustained period that ends yesterday.

    Only days in term count, since inactivity in a vacation means nothing.
    """
    before = policy.calendar.day_before(through(today), policy.sustained_days)
    return before + dt.timedelta(days=1)


def assess(policy: SchoolPolicy, facts: FitnessFacts) -> Assessment:
    """List what argues against the recommendation on this day."""
    since = window_first(policy, facts.today)
    blocks = (
        *_standing(facts),
        *_ladder(facts.ladder),
        *(
            each.sentence
            for each in contacts_that_count(facts.contacts, ContactQuestion.FITNESS, since)
        ),
        *_enrolled(facts, since),
        *_unmeasured(facts.traces, policy.calendar),
        *_swipes(facts, since, policy.calendar),
    )
    return Assessment(since, tuple(dict.fromkeys(blocks)))


def _standing(facts: FitnessFacts) -> Iterator[str]:
    case = facts.case
    if case.is_closed or case.status in (CaseStatus.PAUSED, CaseStatus.HANDED_OVER):
        yield f"The case is {case.status.label}."
    if case.status is CaseStatus.REFERRED:
        yield "The case is already referred."
    if case.complaint:
        yield "A complaint about the case is open."
    if facts.exempt is not None:
        yield f"The student is exempt now ({facts.exempt.label})."


def _ladder(ladder: Ladder) -> Iterator[str]:
    if ladder.stopped_by:
        yield ladder.stopped_by.sentence
    elif ladder.waiting_until:
        yield (
            "The contact ladder is not finished: Lantern waits for an answer until "
            f"{on_day(ladder.waiting_until)}."
        )
    elif ladder.following:
        yield f"The contact ladder is not finished: {ladder.following.label} comes next."
    elif not ladder.exhausted:
        yield "There have been no attempts to contact the student yet."


def _enrolled(facts: FitnessFacts, since: dt.date) -> Iterator[str]:
    joined = facts.enrolled_since
    if joined is None:
        yield "The student has no current enrolment."
    elif joined > since:
        yield f"The student has been enrolled only since {on_day(joined)}."


def _unmeasured(traces: tuple[Trace, ...], calendar: Calendar) -> Iterator[str]:
    """Yield why activity was not measured on every school day by every agreed source."""
    if not traces:
        yield "No activity source was checked, so inactivity cannot be confirmed."
    yield from _gaps(traces, calendar)


def _swipes(facts: FitnessFacts, since: dt.date, calendar: Calendar) -> Iterator[str]:
    """Yield what is missing of card swipes: a colleague checks them last, within the period."""
    swipes = facts.swipes
    if swipes is None or facts.ladder.following not in (None, Rung.DIGITAL_TRACES):
        return
    newest, named = swipes.newest, listed([each.source for each in swipes.measured])
    look = "Digital traces → Card swipes"
    if newest is None or calendar.local(newest.at).date() < since:
        yield (
            f"Card swipes ({named}) have not been looked at since {on_day(since)}. Look at them "
            f"first: {look}."
        )
    elif newest.result is AttemptResult.NOT_MEASURED:
        on = on_day(calendar.local(newest.at).date())
        yield f"Some days of card swipes ({named}) had no data on {on}. Look again: {look}."
    yield from _gaps(swipes.measured, calendar)


def _gaps(traces: tuple[Trace, ...], calendar: Calendar) -> Iterator[str]:
    for each in traces:
        if missing := each.missing(calendar):
            yield (
                f"{each.source} has no data for {days_said(missing, calendar)}. The student may "
                "have been active then."
            )
