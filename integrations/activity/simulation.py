"""The simulator: past weeks under draft thresholds, touching nothing that is live.

It goes by what the lake holds now, so late corrections count from the day they are about; live
screening could not know them yet.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from integrations.activity.measured import LOOKBACK
from integrations.activity.population import refresh_roster
from integrations.activity.relations import AgreedSource
from integrations.bootstrap import Services
from integrations.feeds.loading import Progress, no_progress
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.flag_rules.base import through
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flag_rules.measured_days import days_said, missing_by_source
from store.rules.flags import flagging
from store.rules.flags.capacity import Room, surges
from store.rules.flags.flagging import Judge
from store.rules.flags.replay import Rehearsal, Rehearsed
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.simulation import (
    CohortShare,
    HeldDay,
    SimulatedGroup,
    SimulatedWeek,
    Simulation,
)

LONGEST = 26 * 7
"""Half a year. A school that looks back further looks at other students."""

_WEEKS_SHOWN = 12


@dataclass(slots=True)
class _Outcome:
    """What one policy does in the days that are replayed."""

    days: list[Rehearsed] = field(default_factory=list)
    families: dict[int, frozenset[str]] = field(default_factory=dict)
    """Student → the families that agreed on the day they were taken up."""
    held: list[HeldDay] = field(default_factory=list)
    flagged: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Module → students who were flagged about it, or while on it."""


def simulate(
    services: Services,
    draft: SchoolPolicy,
    first: dt.date,
    last: dt.date,
    progress: Progress = no_progress,
) -> Simulation:
    """Replay the days from ``first`` to ``last``, both included, under a draft.

    Raises:
        InvalidInput: its school is not known, or the days are not past ones.
        LakeError: the activity lake cannot be read.
    """
    _check_days(services, first, last)
    with services.records() as known:
        school = known.school(draft.school)
    refresh_roster(services)
    with services.records() as known:
        published = known.policy(school, last)
        sizes = known.cohorts(school, last)
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    total = len(days) * (2 if published else 1)
    under_draft = _replay(services, draft, school, days, _counting(progress, 0, total))
    before = (
        _replay(services, published[1], school, days, _counting(progress, len(days), total))
        if published
        else _Outcome()
    )
    ours, theirs = _taken(under_draft), _taken(before)
    with services.records() as known:
        named = known.references(sorted(ours ^ theirs), school)
    return Simulation(
        school=draft.school,
        first=first,
        last=last,
        weeks=_weeks(under_draft.days, draft.capacity),
        cases=len(ours),
        one_family=sum(len(under_draft.families[student]) == 1 for student in ours),
        busiest=_busiest(under_draft.days),
        shares=_shares(under_draft, sizes),
        held=tuple(under_draft.held),
        compared_with=published[0] if published else None,
        new=_group(ours - theirs, named) if published else SimulatedGroup(),
        gone=_group(theirs - ours, named),
        cases_before=len(theirs),
        missing=tuple(
            (source, days_said(days, draft.calendar))
            for source, days in missing_by_source(
                draft.calendar,
                services.lake.days_delivered(through(first), through(last)),
                (source for _, source in draft.agreed_sources),
                through(first),
                through(last),
            ).items()
        ),
    )


def _check_days(services: Services, first: dt.date, last: dt.date) -> None:
    if last < first:
        raise InvalidInput("The last day comes before the first.")
    if last > institution_day(services.now()):
        raise InvalidInput("Only days that are past can be replayed.")
    if (last - first).days >= LONGEST:
        raise InvalidInput(f"{LONGEST // 7} weeks is the longest; give a later first day.")


def _replay(
    services: Services, policy: SchoolPolicy, school: int, days: Sequence[dt.date], told: Progress
) -> _Outcome:
    outcome, rehearsal, room = _Outcome(), Rehearsal(policy.clear_after_days), Room.of(policy)
    morning = _found(services, policy, school, days, rehearsal)
    for done, (day, evidence, found, judge) in enumerate(morning, 1):
        rehearsed = rehearsal.take(found, evidence, day, room.a_day, judge)
        outcome.days.append(rehearsed)
        for student in rehearsed.taken:
            families = frozenset(str(each.family) for each in rehearsed.new[student])
            outcome.families.setdefault(student, families)
        about = _about(rehearsed, evidence)
        for student, modules in about.items():
            for module in modules:
                outcome.flagged[module].add(student)
        _hold(services, outcome, school, rehearsed, about, room)
        told(done, len(days))
    return outcome


def _found(
    services: Services,
    policy: SchoolPolicy,
    school: int,
    days: Sequence[dt.date],
    rehearsal: Rehearsal,
) -> Iterator[tuple[dt.date, list[Evidence], list[Finding], Judge]]:
    """Day after day, what is known and found, with the students that the rehearsal watches."""
    agreed = [AgreedSource(policy.school, *each) for each in policy.agreed_sources]
    for day in days:
        with services.records() as known:
            left_out = known.left_out(school, policy, day)
            levels = known.levels(policy.overrides)
            back = known.back_since(day, LOOKBACK)
            met = known.engaged_on(day - LOOKBACK, through(day))
        net = {policy.school: flagging.criterion(policy, day)}
        period = {policy.school: flagging.clearing(policy, day)}
        measured = services.engine.evidence(
            day, agreed, net, rehearsal.watched, back, met=met, clearing=period
        )
        everyone = dict(measured)[policy.school]
        evidence = [each for each in everyone if each.student not in left_out]
        found = [
            finding
            for each in evidence
            for finding in flagging.findings(policy, each, day, levels.get(each.student))
        ]
        yield day, evidence, found, flagging.judging(policy, evidence, day, levels, left_out)


def _about(rehearsed: Rehearsed, evidence: Sequence[Evidence]) -> dict[int, frozenset[str]]:
    """The modules that each new student's flags are about: all of theirs, where it names none."""
    on = {each.student: frozenset(measure.module for measure in each.measures) for each in evidence}
    return {
        student: frozenset(each.module for each in found if each.module)
        or on.get(student, frozenset())
        for student, found in rehearsed.new.items()
    }


def _hold(
    services: Services,
    outcome: _Outcome,
    school: int,
    rehearsed: Rehearsed,
    about: dict[int, frozenset[str]],
    room: Room,
) -> None:
    """Note the surges among those who are new today and were not waiting yesterday."""
    yesterday = outcome.days[-2].new.keys() if len(outcome.days) > 1 else ()
    fresh = {student: those for student, those in about.items() if student not in yesterday}
    if len(fresh) <= room.surge_from:
        return
    with services.records() as known:
        sizes = known.cohorts(school, rehearsed.day)
    outcome.held += [
        HeldDay(rehearsed.day, each.module, each.flagged, each.cohort)
        for each in surges(fresh, sizes, room)
    ]


def _group(students: Set[int], named: Mapping[int, str]) -> SimulatedGroup:
    return SimulatedGroup(
        tuple(named[student] for student in sorted(students) if student in named),
        sum(student not in named for student in students),
    )


def _taken(outcome: _Outcome) -> set[int]:
    return set(outcome.families)


def _weeks(days: Sequence[Rehearsed], capacity: int) -> tuple[SimulatedWeek, ...]:
    """The last twelve weeks, each from the weekday of the first day replayed."""
    parts = [days[start : start + 7] for start in range(0, len(days), 7)]
    return tuple(
        SimulatedWeek(
            first=part[0].day,
            cases=sum(len(each.taken) for each in part),
            room=capacity * len(part),
            waiting=part[-1].waiting,
        )
        for part in parts[-_WEEKS_SHOWN:]
    )


def _busiest(days: Sequence[Rehearsed]) -> tuple[dt.date, int] | None:
    """The day on which most came who were not there to be taken up on the day before."""
    found = Counter[dt.date]()
    waited: set[int] = set()
    for each in days:
        found[each.day] = len(each.new.keys() - waited)
        waited = set(each.new) - set(each.taken)
    day, number = max(found.items(), key=lambda one: (one[1], one[0]), default=(None, 0))
    return (day, number) if day and number else None


def _shares(outcome: _Outcome, sizes: dict[str, int]) -> tuple[CohortShare, ...]:
    found = [
        CohortShare(module, len(students), sizes[module])
        for module, students in outcome.flagged.items()
        if sizes.get(module)
    ]
    return tuple(sorted(found, key=lambda each: (-each.percent, each.module)))


def _counting(progress: Progress, before: int, total: int) -> Progress:
    def told(done: int, _of: int) -> None:
        progress(before + done, total)

    return told
