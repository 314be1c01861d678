"""Simulate past weeks under draft thresholds, without changing anything.

The simulation uses the lake as it is now, so late corrections count from the day that they concern,
although the live screening did not have them yet.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, partial

from integrations.activity.catching import Asked, Net
from integrations.activity.measured import LOOKBACK
from integrations.activity.population import refresh_roster
from integrations.activity.relations import AgreedSource, agreed_sources
from integrations.bootstrap import Services
from integrations.feeds.loading import Progress, no_progress
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.flag_rules.base import through
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.measured_days import days_said, missing_by_source
from store.rules.flags import flagging
from store.rules.flags.capacity import Room
from store.rules.flags.queue_cost import MORE
from store.rules.flags.ranking import in_order
from store.rules.flags.replay import FlagHistory, Holding, Rehearsal, Rehearsed
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.simulation import (
    CohortShare,
    HeldDay,
    SimulatedGroup,
    SimulatedWeek,
    Simulation,
)
from store.rules.policies.waits import Waits, waits_of

LONGEST = 26 * 7
"""Half a year: earlier weeks concern other students."""

_WEEKS_SHOWN = 12

Sizes = Callable[[dt.date], Mapping[str, int]]
"""Day → how many students are on each module."""


@dataclass(slots=True)
class _Replay:
    """The replay of one policy."""

    policy: SchoolPolicy
    history: FlagHistory
    rehearsal: Rehearsal
    room: Room
    days: list[Rehearsed] = field(default_factory=list)
    families: dict[int, frozenset[str]] = field(default_factory=dict)
    """Student → the families that agreed on the day they got a case."""
    held: list[HeldDay] = field(default_factory=list)
    flagged: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Module → students flagged for it, or flagged while on it."""

    with_more: Rehearsal | None = None
    """The same at a larger daily limit; None: not asked for."""
    more_days: list[Rehearsed] = field(default_factory=list)
    looks: list[frozenset[int]] = field(default_factory=list)
    """Day by day, the students without a flag who would have been worth a look."""
    on: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Student → their modules, as measured for the day that is replayed."""

    @classmethod
    def of(cls, policy: SchoolPolicy, sizes: Sizes, *, with_more: bool = False) -> _Replay:
        """Begin a replay. Questions about held days count as answered at once."""
        clear_after, history = policy.clear_after_days, FlagHistory(policy.clear_after_days)
        made = cls(policy, history, Rehearsal(clear_after), Room.of(policy))
        holding = Holding(made.room, lambda day: (made.on, sizes(day)))
        made.rehearsal = Rehearsal(clear_after, holding, history)
        made.with_more = Rehearsal(clear_after, history=history) if with_more else None
        return made

    @property
    def agreed(self) -> frozenset[AgreedSource]:
        return frozenset(agreed_sources([self.policy]))

    def net(self, day: dt.date) -> Net:
        """Return the net for this day, with the students that have active flags in the replay by
        then.
        """
        criteria = {self.policy.school: flagging.criterion(self.policy, day)}
        clearing = {self.policy.school: flagging.clearing(self.policy, day)}
        return Net(criteria, lambda: self.rehearsal.watched, clearing)


def simulate(
    services: Services,
    draft: SchoolPolicy,
    first: dt.date,
    last: dt.date,
    progress: Progress = no_progress,
) -> Simulation:
    """Replay the days from ``first`` to ``last``, both included, under a draft.

    Raises:
        InvalidInput: the school is unknown, or the days are not in the past.
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

    def sizes_on(day: dt.date) -> Mapping[str, int]:
        with services.records() as known:
            return known.cohorts(school, day)

    under_draft = _Replay.of(draft, sizes_on, with_more=True)
    before = _Replay.of(published[1] if published else draft, sizes_on)
    replays = [under_draft, before] if published else [under_draft]
    for done, found in enumerate(_evidence(services, replays, days), 1):
        for replay, everyone in zip(replays, found, strict=True):
            _take_up(services, replay, school, days[done - 1], everyone)
        progress(done, len(days))
    ours, theirs = set(under_draft.families), set(before.families)
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
        waits=_waits(under_draft),
        looks=_looks(under_draft),
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
        raise InvalidInput("Choose days in the past: only these can be replayed.")
    if (last - first).days >= LONGEST:
        raise InvalidInput(f"{LONGEST // 7} weeks is the longest; give a later first day.")


def _evidence(
    services: Services, replays: Sequence[_Replay], days: Sequence[dt.date]
) -> Iterator[list[Sequence[Evidence]]]:
    """Yield each day's evidence for each replay, measured once for those with the same sources."""
    with services.records() as known:
        back = {day: known.back_since(day, LOOKBACK) for day in days}
        met = known.engaged_on(days[0] - LOOKBACK, through(days[-1]))
    groups = [
        [at for at, each in enumerate(replays) if each.agreed == agreed]
        for agreed in dict.fromkeys(each.agreed for each in replays)
    ]
    measured = [
        services.engine.evidence_of_mornings(
            [
                Asked(
                    day,
                    replays[group[0]].agreed,
                    [replays[at].net(day) for at in group],
                    back[day],
                    met,
                )
                for day in days
            ]
        )
        for group in groups
    ]
    for of_day in zip(*measured, strict=True):
        found: dict[int, Sequence[Evidence]] = {}
        for group, nets in zip(groups, of_day, strict=True):
            for at, net in zip(group, nets, strict=True):
                (found[at],) = net.values()
        yield [found[at] for at in range(len(replays))]


def _take_up(
    services: Services, replay: _Replay, school: int, day: dt.date, everyone: Sequence[Evidence]
) -> None:
    """Process this day with its evidence."""
    policy = replay.policy
    with services.records() as known:
        left_out = known.left_out(school, policy, day)
        levels = known.levels(policy.overrides)
    evidence = [each for each in everyone if each.student not in left_out]
    found = [
        finding
        for each in evidence
        for finding in flagging.findings(policy, each, day, levels.get(each.student))
    ]
    judge = flagging.judging(policy, evidence, day, levels, left_out)
    replay.on = {
        each.student: frozenset(measure.module for measure in each.measures) for each in evidence
    }
    flags, order = replay.history.screen(found, day, judge), cache(partial(in_order, evidence))
    rehearsed = replay.rehearsal.queue(flags, order, replay.room.a_day)
    replay.days.append(rehearsed)
    flagged = replay.rehearsal.watched
    replay.looks.append(
        frozenset(
            each.student
            for each in evidence
            if each.student not in flagged and flagging.looks(policy, each, day)
        )
    )
    if replay.with_more:
        more = replay.with_more.queue(flags, order, replay.room.a_day + MORE)
        replay.more_days.append(more)
    for student in rehearsed.taken:
        families = frozenset(str(each.family) for each in rehearsed.new[student])
        replay.families.setdefault(student, families)
    about = _about(rehearsed, replay.on)
    for student, modules in about.items():
        for module in modules:
            replay.flagged[module].add(student)
    replay.held += [HeldDay(day, each.module, each.flagged, each.cohort) for each in rehearsed.held]


def _waits(replay: _Replay) -> tuple[Waits, Waits]:
    """Sum up the waits at the draft's daily limit, and at a larger one."""
    a_day = replay.room.a_day

    def of(limit: int, days: Sequence[Rehearsed]) -> Waits:
        return waits_of(limit, (each.waited for each in days), (each.flagged for each in days))

    return of(a_day, replay.days), of(a_day + MORE, replay.more_days)


def _looks(replay: _Replay) -> tuple[int, int]:
    """Return how many students would have been worth a look, and how many at most on a day."""
    every = frozenset[int]().union(*replay.looks)
    return len(every), max(map(len, replay.looks), default=0)


def _about(rehearsed: Rehearsed, on: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    """Return the modules of each new student's flags: all of theirs if a flag names none."""
    return {
        student: frozenset(each.module for each in found if each.module)
        or on.get(student, frozenset())
        for student, found in rehearsed.new.items()
    }


def _group(students: Set[int], named: Mapping[int, str]) -> SimulatedGroup:
    return SimulatedGroup(
        tuple(named[student] for student in sorted(students) if student in named),
        sum(student not in named for student in students),
    )


def _weeks(days: Sequence[Rehearsed], capacity: int) -> tuple[SimulatedWeek, ...]:
    """Return the last twelve weeks, each from the weekday of the first day replayed."""
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
    """Return the day with the most students who were not waiting on the day before."""
    found = Counter[dt.date]()
    waited: set[int] = set()
    for each in days:
        found[each.day] = len(each.new.keys() - waited)
        waited = set(each.new) - set(each.taken)
    day, number = max(found.items(), key=lambda one: (one[1], one[0]), default=(None, 0))
    return (day, number) if day and number else None


def _shares(replay: _Replay, sizes: dict[str, int]) -> tuple[CohortShare, ...]:
    found = [
        CohortShare(module, len(students), sizes[module])
        for module, students in replay.flagged.items()
        if sizes.get(module)
    ]
    return tuple(sorted(found, key=lambda each: (-each.percent, each.module)))
