"""Replay a presentation day by day through the real engine, rules and reconciling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from integrations.activity.engine import ActivityEngine
from integrations.activity.relations import agreed_sources
from integrations.feeds.oulad import ASSESSMENTS, VLE
from integrations.feeds.oulad_files import SCHOOL
from store.policies.document import default_document, parse
from store.rules.flag_rules.evidence import Evidence
from store.rules.flags import flagging
from store.rules.flags.capacity import Room
from store.rules.flags.ranking import in_order
from store.rules.flags.reconcile import FlagRun
from store.rules.flags.replay import Rehearsal
from store.rules.model import MarkerFamily
from store.rules.policies.policy import Marker, SchoolPolicy
from worker.evaluate.presentations import START, Presentation

AUC_DAYS = (28, 56, 84, 112)
"""On these days the order of all registered students is compared with their outcomes."""

Progress = Callable[[int, int], None]
"""Called with the number of days replayed, and their total."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A student's time on the list of active cases, from first to last day, both included."""

    student: int
    first: int
    last: int


@dataclass(slots=True)
class Replay:
    """The result of a replay; days count from the presentation's start."""

    stays: list[Stay] = field(default_factory=list)
    fired: dict[int, int] = field(default_factory=dict)
    """Day → students who would have come onto the list on that day without a daily limit."""
    weekly: dict[int, list[int]] = field(default_factory=dict)
    """Every seventh day → all students still registered, the most evidence first."""
    evidence: dict[int, list[Evidence]] = field(default_factory=dict)
    """For each of ``AUC_DAYS``: all students still registered."""


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


def replay(
    presentation: Presentation, policy: SchoolPolicy, room: Room, progress: Progress
) -> Replay:
    """Screen every day in turn, each from what was known the day before. Nothing is stored."""
    engine, result = ActivityEngine(presentation.lake), Replay()
    rehearsal = Rehearsal(policy.clear_after_days)
    agreed = agreed_sources([policy])
    for day in range(1, presentation.last_day + 1):
        date = START + dt.timedelta(days=day)
        there = {s.number for s in presentation.students.values() if s.is_registered(day)}
        net = {SCHOOL: flagging.criterion(policy, date)}
        period = {SCHOOL: flagging.clearing(policy, date)}
        known = dict(engine.evidence(date, agreed, net, there, clearing=period))[SCHOOL]
        known = [each for each in known if each.student in there]
        found = [f for each in known for f in flagging.findings(policy, each, date)]
        judge = flagging.judging(policy, known, date, {}, {})
        result.fired[day] = len(rehearsal.take(found, known, date, room.on(len(there)), judge).new)
        if day % 7 == 0:
            result.weekly[day] = in_order(known)
        if day in AUC_DAYS:
            result.evidence[day] = known
        progress(day, presentation.last_day)
    result.stays = _stays(rehearsal.runs, presentation)
    return result


def _stays(runs: Iterable[FlagRun], presentation: Presentation) -> list[Stay]:
    """Return the stays on the list; a student's consecutive or overlapping flags are one stay."""
    stays: list[Stay] = []
    for run in sorted(runs, key=lambda run: (run.student, run.raised_on)):
        ends = min(presentation.students[run.student].ends, presentation.last_day)
        last = (run.ended_on - START).days - 1 if run.ended_on else ends
        stay = Stay(run.student, (run.raised_on - START).days, min(last, ends))
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
