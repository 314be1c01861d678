"""Replay a presentation day by day: the engine, the rules, and the screening's own holds and queue.

Every surge rule is replayed beside the others, on the same evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial

from integrations.activity.catching import Asked, Net
from integrations.activity.engine import ActivityEngine
from integrations.activity.relations import agreed_sources
from integrations.feeds.oulad import ASSESSMENTS, VLE
from integrations.feeds.oulad_files import SCHOOL
from store.policies.document import default_document, parse
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.looks import LookKind
from store.rules.flags import flagging
from store.rules.flags.capacity import Room
from store.rules.flags.ranking import in_order
from store.rules.flags.replay import (
    FlagHistory,
    Holding,
    ModulesAndSizes,
    Rehearsal,
    Rehearsed,
)
from store.rules.model import MarkerFamily
from store.rules.policies.policy import Marker, SchoolPolicy
from worker.evaluate.presentations import START, Presentation

AUC_DAYS = (28, 56, 84, 112)
"""On these days the order of all registered students is compared with their outcomes."""

ANSWERED_AFTER = 2
"""Days until a colleague has answered that a held day's data is right, as it always is here."""

Progress = Callable[[int, int], None]
"""Called with the number of days replayed, and their total."""


@dataclass(frozen=True, slots=True)
class SurgeRule:
    """One way to treat a day with many flags at once; ``name`` completes "surges are ..."."""

    name: str
    room: Room
    answered_after: int | None
    """Days; None: no one answers, so the held flags never open a case."""


def surge_rules(room: Room) -> list[SurgeRule]:
    """List the ways that are compared: the policy's own is first.

    ``room`` is the policy's. The last one has no limit at all: it shows what the limit costs.
    """
    every, unexplained = (
        replace(room, holds_missed_work=True),
        replace(room, holds_missed_work=False),
    )
    never = replace(room, surge_share=1.0)
    rules = [
        SurgeRule("all held, answered after 2 days", every, ANSWERED_AFTER),
        SurgeRule("held where no deadline explains them", unexplained, ANSWERED_AFTER),
        SurgeRule("never held", never, 0),
        SurgeRule("all held, never answered", every, None),
        SurgeRule("never held, no daily limit", replace(never, a_day=_NO_LIMIT), 0),
    ]
    return rules if room.holds_missed_work else [rules[1], rules[0], *rules[2:]]


_NO_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Stay:
    """A student's time on the list of active cases, from first to last day, both included."""

    student: int
    first: int
    last: int


@dataclass(slots=True)
class Queue:
    """What the school would have seen of the queue under one surge rule."""

    stays: list[Stay] = field(default_factory=list)
    waits: list[tuple[int, int]] = field(default_factory=list)
    """(student, days from the first flag to the case) of every case."""
    held: list[tuple[int, int, int]] = field(default_factory=list)
    """(day, students flagged, students of the class) of every held day."""
    taken: dict[int, int] = field(default_factory=dict)
    """Day → cases opened."""
    never: set[int] = field(default_factory=set)
    """Students who were flagged and never got a case."""


@dataclass(slots=True)
class Replay:
    """The result of a replay; days count from the presentation's start."""

    queues: dict[str, Queue] = field(default_factory=dict)
    """Surge rule → what it brings; the policy's own is first."""
    fired: dict[int, set[int]] = field(default_factory=dict)
    """Day → students with a first or new flag on it, before any limit or hold."""
    weekly: dict[int, list[int]] = field(default_factory=dict)
    """Every seventh day → all students still registered, the most evidence first."""
    looks: dict[tuple[LookKind, int], int] = field(default_factory=dict)
    """Why and which student → the first day on which they were worth a look without a flag."""
    evidence: dict[int, list[Evidence]] = field(default_factory=dict)
    """For each of ``AUC_DAYS``: all students still registered."""

    @property
    def own(self) -> Queue:
        """Return what the policy's own surge rule brings."""
        return next(iter(self.queues.values()))

    @property
    def stays(self) -> list[Stay]:
        """Return the time on the list under the policy's own surge rule."""
        return self.own.stays


def default_policy(sources: Collection[str] = (VLE, ASSESSMENTS)) -> SchoolPolicy:
    """Return the policy that the data set's school gets when it is loaded, for these sources."""
    markers = [
        Marker(family, (source,))
        for family, source in (
            (MarkerFamily.VLE, VLE),
            (MarkerFamily.SUBMISSIONS, ASSESSMENTS),
        )
        if source in sources
    ]
    document = default_document(SCHOOL, "engagement@oulad.example", START, markers)
    return parse(document, "the default policy")


@dataclass(slots=True)
class _Replayed:
    """One surge rule's replay so far."""

    rule: SurgeRule
    rehearsal: Rehearsal
    days: list[Rehearsed] = field(default_factory=list)


def replay(
    presentation: Presentation, policy: SchoolPolicy, room: Room, progress: Progress
) -> Replay:
    """Screen every day in turn, each from what was known the day before. Nothing is stored."""
    engine, result = ActivityEngine(presentation.lake), Replay()
    agreed = agreed_sources([policy])
    rules = surge_rules(room)
    history = FlagHistory(policy.clear_after_days)
    replays = [_begin(presentation, policy, rule, history) for rule in rules]
    registered = registered_on(presentation)
    asked = [
        Asked(_date(day), agreed, [_net(policy, _date(day), there)])
        for day, there in registered.items()
    ]
    measured = engine.evidence_of_mornings(asked)
    for (day, numbers), (found_by_net,) in zip(registered.items(), measured, strict=True):
        date, there = _date(day), frozenset(numbers)
        known = [each for each in found_by_net[SCHOOL] if each.student in there]
        found = [f for each in known for f in flagging.findings(policy, each, date)]
        judge = flagging.judging(policy, known, date, {}, {})
        flags, order = history.screen(found, date, judge), cache(partial(in_order, known))
        for each in replays:
            each.days.append(each.rehearsal.queue(flags, order, each.rule.room.a_day))
        _look(result, policy, history, known, day)
        result.fired[day] = set(replays[-1].days[-1].taken)
        if day % 7 == 0:
            result.weekly[day] = order()
        if day in AUC_DAYS:
            result.evidence[day] = known
        progress(day, presentation.last_day)
    result.queues = {each.rule.name: _queue(each, presentation) for each in replays}
    return result


def _look(
    result: Replay, policy: SchoolPolicy, history: FlagHistory, known: list[Evidence], day: int
) -> None:
    """Record who is worth a look for the first time, of those without a flag."""
    flagged = {run.student for run in history.active}
    for each in known:
        for look in [] if each.student in flagged else flagging.looks(policy, each, _date(day)):
            result.looks.setdefault((LookKind(look.rule), each.student), day)


def _date(day: int) -> dt.date:
    return START + dt.timedelta(days=day)


def _net(policy: SchoolPolicy, date: dt.date, there: Collection[int]) -> Net:
    """Return the net for everyone who is registered: the order is of all of them."""
    criterion, period = flagging.criterion(policy, date), flagging.clearing(policy, date)
    return Net({SCHOOL: criterion}, lambda: there, {SCHOOL: period})


def _begin(
    presentation: Presentation, policy: SchoolPolicy, rule: SurgeRule, history: FlagHistory
) -> _Replayed:
    def classes(date: dt.date) -> ModulesAndSizes:
        day = (date - START).days
        there = [s.number for s in presentation.students.values() if s.is_registered(day)]
        module = {presentation.name}
        return dict.fromkeys(there, module), {presentation.name: len(there)}

    holding = Holding(rule.room, classes, rule.answered_after)
    return _Replayed(rule, Rehearsal(policy.clear_after_days, holding, history))


def _queue(replayed: _Replayed, presentation: Presentation) -> Queue:
    days = replayed.days
    taken = {student for each in days for student in each.taken}
    return Queue(
        stays=_stays(replayed.rehearsal, presentation),
        waits=[one for each in days for one in each.waited.items()],
        held=[
            ((each.day - START).days, surge.flagged, surge.cohort)
            for each in days
            for surge in each.held
        ],
        taken={(each.day - START).days: len(each.taken) for each in days},
        never={student for each in days for student in each.flagged} - taken,
    )


def _stays(rehearsal: Rehearsal, presentation: Presentation) -> list[Stay]:
    """Return the stays on the list; a student's consecutive or overlapping flags are one stay."""
    stays: list[Stay] = []
    taken_on = rehearsal.taken_on
    for run in sorted(rehearsal.runs, key=lambda run: (run.student, taken_on[run.id])):
        ends = min(presentation.students[run.student].ends, presentation.last_day)
        last = (run.ended_on - START).days - 1 if run.ended_on else ends
        first = (taken_on[run.id] - START).days
        stay = Stay(run.student, first, max(min(last, ends), first))
        if stays and stays[-1].student == stay.student and stays[-1].last >= stay.first - 1:
            before = stays.pop()
            stay = Stay(stay.student, before.first, max(before.last, stay.last))
        stays.append(stay)
    return stays


def registered_on(presentation: Presentation) -> Mapping[int, list[int]]:
    """Map each day to the students who were registered on it, in the order of their numbers."""
    return {
        day: [n for n, s in sorted(presentation.students.items()) if s.is_registered(day)]
        for day in range(1, presentation.last_day + 1)
    }
