"""Whether the Fitness to Study procedure may be recommended, and what stands against it (§16).

Recommended only when everybody has tried everything and nothing at all was seen for the school's
sustained period. It is never more than a recommendation: a lead decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from store.rules.cases.case import Case
from store.rules.cases.contact_ladder import Ladder
from store.rules.flag_rules.base import through
from store.rules.model import AttemptResult, CaseStatus, ExemptionKind
from store.rules.policies.policy import SchoolPolicy
from store.rules.students.digital_traces import Trace
from store.rules.text.formatting import on_day


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that is recorded of the student on a day: an answer, a meeting, a trace."""

    day: dt.date
    what: str
    """As in ``The student answered``."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the question depends on, as known on the morning of ``today``."""

    case: Case
    ladder: Ladder
    seen: tuple[Seen, ...]
    traces: tuple[Trace, ...]
    enrolled_since: dt.date | None
    exempt: ExemptionKind | None
    today: dt.date


@dataclass(frozen=True, slots=True)
class Assessment:
    """``blocks`` has one sentence for each thing that stands against it; none: recommended."""

    since: dt.date
    """The first day of the sustained period."""
    blocks: tuple[str, ...]

    @property
    def recommended(self) -> bool:
        """Whether a lead may decide on it."""
        return not self.blocks


RESULTS_SEEN = {
    AttemptResult.REACHED: "A colleague reached the student",
    AttemptResult.TRACES_SEEN: "A colleague saw traces of the student",
}


def window_first(policy: SchoolPolicy, today: dt.date) -> dt.date:
    """The first day of the sustained period that ends yesterday.

    Only days in term count, since silence means nothing in a vacation.
    """
    before = policy.calendar.day_before(through(today), policy.sustained_days)
    return before + dt.timedelta(days=1)


def assess(policy: SchoolPolicy, facts: Facts) -> Assessment:
    """What stands against the recommendation on this day."""
    since = window_first(policy, facts.today)
    blocks = (
        *_standing(facts),
        *_ladder(facts.ladder),
        *(f"{each.what} on {on_day(each.day)}." for each in facts.seen if each.day >= since),
        *_traces(facts, since),
    )
    return Assessment(since, tuple(dict.fromkeys(blocks)))


def _standing(facts: Facts) -> Iterator[str]:
    case = facts.case
    if case.is_closed or case.status in (CaseStatus.PAUSED, CaseStatus.HANDED_OVER):
        yield f"The case is {case.status.label}."
    if case.status is CaseStatus.REFERRED:
        yield "The case is referred already."
    if case.complaint:
        yield "A complaint about the case is open."
    if facts.exempt is not None:
        yield f"The student is exempt now ({facts.exempt.label})."


def _ladder(ladder: Ladder) -> Iterator[str]:
    if ladder.answered_on:
        yield f"The student answered on {on_day(ladder.answered_on)}."
    elif ladder.waiting_until:
        yield (
            "The contact ladder is not at its end: an answer is waited for until "
            f"{on_day(ladder.waiting_until)}."
        )
    elif ladder.following:
        yield f"The contact ladder is not at its end: {ladder.following.label} comes next."
    elif not ladder.exhausted:
        yield "Nobody has tried to reach the student yet."


def _traces(facts: Facts, since: dt.date) -> Iterator[str]:
    joined = facts.enrolled_since
    if joined is None:
        yield "The student has no enrolment that is under way."
    elif joined > since:
        yield f"The student has been enrolled only since {on_day(joined)}."
    if not facts.traces:
        yield "No source of activity was looked at, so silence cannot be told."
    for each in facts.traces:
        if each.last_seen and each.last_seen >= since:
            yield f"{each.source} shows the student on {on_day(each.last_seen)}."
        if each.fresh is None:
            yield f"{each.source} has not delivered anything, so its silence means nothing."
            continue
        for gap in each.gaps:
            if gap.last >= since:
                first = max(gap.first, since)
                yield (
                    f"{each.source} has nothing from {on_day(first)} to {on_day(gap.last)}: "
                    "a feed that fails looks like silence."
                )
