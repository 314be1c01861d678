"""A presentation once more, day by day, through the real engine, rules and reconciling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from integrations.activity.engine import ActivityEngine
from integrations.activity.relations import AgreedSource
from integrations.feeds.oulad import ASSESSMENTS, VLE
from integrations.feeds.oulad_files import SCHOOL
from store.policy_document import default_document, parse
from store.rules import flagging
from store.rules.evidence_order import in_order, standing
from store.rules.flagging import FlagRun
from store.rules.model import Evidence, Finding, FlagState, MarkerFamily
from store.rules.policy import Marker, SchoolPolicy
from worker.evaluate.presentations import START, Presentation

AUC_DAYS = (28, 56, 84, 112)
"""On these days the order of everybody still registered is held against what became of them."""

SURGE = 0.05
"""A larger share of a cohort on one day is a question about the data, and waits (see ``Room``)."""

Progress = Callable[[int, int], None]
"""Told how many days of how many are replayed."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A student's time on the list, from a flag to its end; both days included."""

    student: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Room:
    """How many students a school takes up in a day; the strongest first, the others wait."""

    a_day: int = 10

    def on(self, registered: int) -> int:
        """How many of a cohort of this size: one, or no larger share than makes no surge."""
        return min(self.a_day, max(int(SURGE * registered), 1))


@dataclass(slots=True)
class Replay:
    """What came out. ``standings`` are the evidence order, ``evidence`` what it rests on."""

    stays: list[Stay] = field(default_factory=list)
    fired: dict[int, int] = field(default_factory=dict)
    """Day → students who would have come onto the list on that day with room for everybody."""
    weekly: dict[int, list[int]] = field(default_factory=dict)
    """Every seventh day → everybody still registered, the most evidence first."""
    evidence: dict[int, list[Evidence]] = field(default_factory=dict)
    """For each of ``AUC_DAYS``: everybody still registered."""


def default_policy() -> SchoolPolicy:
    """The policy that the data set's school gets when it is loaded."""
    markers = [
        Marker(MarkerFamily.VLE, (VLE,)),
        Marker(MarkerFamily.SUBMISSIONS, (ASSESSMENTS,)),
    ]
    document = default_document(SCHOOL, "engagement@oulad.example", START, markers)
    return parse(document, "the default policy")


def replay(
    presentation: Presentation, policy: SchoolPolicy, room: Room, progress: Progress
) -> Replay:
    """Screen every day in turn, each from what was known the day before. Nothing is stored."""
    engine, result, listed = ActivityEngine(presentation.lake), Replay(), _Listed(policy)
    agreed = [AgreedSource(SCHOOL, family, source) for family, source in policy.agreed_sources]
    for day in range(1, presentation.last_day + 1):
        date = START + dt.timedelta(days=day)
        there = {s.number for s in presentation.students.values() if s.is_registered(day)}
        net = {SCHOOL: flagging.criterion(policy, date)}
        known = dict(engine.evidence(date, agreed, net, there))[SCHOOL]
        known = [each for each in known if each.student in there]
        found = [f for each in known for f in flagging.findings(policy, each, date)]
        result.fired[day] = listed.take(found, known, day, room.on(len(there)))
        if day % 7 == 0:
            result.weekly[day] = in_order(known)
        if day in AUC_DAYS:
            result.evidence[day] = known
        progress(day, presentation.last_day)
    result.stays = listed.stays(presentation)
    return result


class _Listed:
    """Flags in memory, reconciled as the store's are."""

    def __init__(self, policy: SchoolPolicy) -> None:
        self._clear_after = policy.clear_after_days
        self._ids = count(1)
        self._runs: dict[int, FlagRun] = {}

    def take(self, found: Sequence[Finding], known: Sequence[Evidence], day: int, room: int) -> int:
        """Hold a day's findings against the list; returns how many would be new on it."""
        date = START + dt.timedelta(days=day)
        near = [run for run in self._runs.values() if self._is_near(run, date)]
        on_list = {run.student for run in near if run.state is FlagState.ACTIVE}
        result = flagging.reconcile(found, near, date, self._clear_after)
        self._runs |= {run.id: run for run in result.changed}
        raised = flagging.by_student(result.raised)
        new = raised.keys() - on_list
        places = standing(known) if new else {}
        strongest = sorted(new, key=lambda student: (-places[student], student))[:room]
        taken = [*sorted(raised.keys() & on_list), *strongest]
        for finding in chain.from_iterable(raised[student] for student in taken):
            run = next(self._ids)
            self._runs[run] = FlagRun(
                run, finding.student, finding.key, FlagState.ACTIVE, date, date
            )
        return len(new)

    def _is_near(self, run: FlagRun, day: dt.date) -> bool:
        return run.state is FlagState.ACTIVE or ((day - run.last_found_on).days < self._clear_after)

    def stays(self, presentation: Presentation) -> list[Stay]:
        """Times on the list: a student's flags that follow or overlap each other are one."""
        stays: list[Stay] = []
        runs = sorted(self._runs.values(), key=lambda run: (run.student, run.raised_on))
        for run in runs:
            ends = min(presentation.students[run.student].ends, presentation.last_day)
            last = (run.last_found_on - START).days + self._clear_after - 1
            stay = Stay(run.student, (run.raised_on - START).days, min(last, ends))
            if stays and stays[-1].student == stay.student and stays[-1].last >= stay.first - 1:
                before = stays.pop()
                stay = Stay(stay.student, before.first, max(before.last, stay.last))
            stays.append(stay)
        return stays


def registered_on(presentation: Presentation) -> Mapping[int, list[int]]:
    """Day → the students who were there, in the order of their numbers."""
    return {
        day: [n for n, s in sorted(presentation.students.items()) if s.is_registered(day)]
        for day in range(1, presentation.last_day + 1)
    }
