"""From evidence to flags: what fires today, and what becomes of the flags of earlier days.

A flag knows exactly on which screened days it was found: from ``raised_on`` to ``last_found_on``,
except ``missed_on``. That makes any day safe to screen again: the same findings change nothing,
and a correction takes its day out, until none is left, which is when the flag turns out never to
have been true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from store.rules.flag_rules.base import Criterion, widened
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flag_rules.measured_days import qualified
from store.rules.model import FlagState, Level
from store.rules.policies.custom_reasons import told
from store.rules.policies.overrides import every_rule, looking_at
from store.rules.policies.policy import SchoolPolicy

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FlagRun:
    """A stored flag, as far as reconciling it with today's findings needs to know it."""

    id: int
    student: int
    key: str
    state: FlagState
    raised_on: dt.date
    last_found_on: dt.date
    missed_on: frozenset[dt.date] = frozenset()
    """Days in between on which the flag was not found, without clearing it. Mostly none."""

    def __contains__(self, day: object) -> bool:
        """Whether the flag was found on this day."""
        return (
            isinstance(day, dt.date)
            and self.state is not FlagState.WITHDRAWN
            and self.raised_on <= day <= self.last_found_on
            and day not in self.missed_on
        )


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a screening changes: new findings, and runs that are not as they were."""

    raised: tuple[Finding, ...]
    changed: tuple[FlagRun, ...]


def criterion(policy: SchoolPolicy, day: dt.date) -> Criterion:
    """The nets of all the school's rules in one, for the engine."""
    rules = every_rule(policy.rules, policy.overrides)
    return widened(rule.criterion(policy.calendar, day) for rule in rules)


def findings(
    policy: SchoolPolicy, evidence: Evidence, day: dt.date, level: Level | None = None
) -> list[Finding]:
    """Everything that the school's rules find in the evidence of one student of this level.

    The reasons are in the school's own words, where it gave some, and name the days that were not
    measured.
    """
    words = {each.rule: each for each in policy.words}
    return [
        qualified(
            told(words[rule.NAME], rule, finding) if rule.NAME in words else finding,
            evidence,
            policy.calendar,
        )
        for rule, part in looking_at(policy.rules, policy.overrides, evidence, level)
        for finding in rule.findings(policy.calendar, part, day)
    ]


UNKNOWN_AFTER = dt.timedelta(days=3)
"""As long as a weekend. A source that is silent for longer cannot end what it once said."""


def unknown_sources(fresh: Mapping[str, dt.date], day: dt.date) -> frozenset[str]:
    """The sources that have stopped delivering. Missing is not zero: what a flag says about them
    is neither confirmed nor over, and stays as it was.
    """
    return frozenset(source for source, newest in fresh.items() if newest < day - UNKNOWN_AFTER)


def reconcile(
    found: Iterable[Finding], known: Iterable[FlagRun], day: dt.date, clear_after_days: int
) -> Reconciled:
    """Hold the findings of ``day`` against the flags that are stored.

    ``known`` are this population's flags that are active, or were last found fewer than
    ``clear_after_days`` before ``day``, or later. Each finding prolongs its flag or raises a new
    one; each flag without a finding shortens, clears or is withdrawn.
    """
    runs: dict[tuple[int, str], list[FlagRun]] = {}
    for run in known:
        runs.setdefault((run.student, run.key), []).append(run)
    pending = {(finding.student, finding.key): finding for finding in found}
    changed = []
    for flag, each in runs.items():
        if flag not in pending:
            missed = [(run, _without(run, day, clear_after_days)) for run in each]
            changed += [after for run, after in missed if after != run]
        elif taker := _taker(_takers(each, day), day, clear_after_days):
            del pending[flag]
            after = _with(taker, day)
            changed += [after] if after != taker else []
    return Reconciled(raised=tuple(pending.values()), changed=tuple(changed))


def _takers(runs: list[FlagRun], day: dt.date) -> list[FlagRun]:
    """The runs that may take a finding of ``day``: a carried one keeps only the days it has."""
    return [run for run in runs if run.state is not FlagState.CARRIED or day in run]


def _taker(runs: list[FlagRun], day: dt.date, clear_after_days: int) -> FlagRun | None:
    """The run that a finding of ``day`` belongs to, if any.

    The active run takes whatever no other run has already, however far away, since two runs of
    one flag must never be active at once.
    """

    def distance(run: FlagRun) -> int:
        return max((run.raised_on - day).days, (day - run.last_found_on).days)

    if not runs:
        return None
    best = min(runs, key=lambda run: (day not in run, not _is_active(run), distance(run)))
    near = _is_active(best) or distance(best) < clear_after_days
    return best if near else None


def _is_active(run: FlagRun) -> bool:
    return run.state is FlagState.ACTIVE


def _with(run: FlagRun, day: dt.date) -> FlagRun:
    """The run with ``day`` in it. A run that is over speaks again where the day is newer."""
    if day in run:
        return run
    if run.state is FlagState.WITHDRAWN:
        return FlagRun(run.id, run.student, run.key, FlagState.ACTIVE, day, day)
    gap = _between(run.last_found_on, day) | _between(day, run.raised_on)
    return replace(
        run,
        state=FlagState.ACTIVE if day > run.last_found_on else run.state,
        raised_on=min(run.raised_on, day),
        last_found_on=max(run.last_found_on, day),
        missed_on=(run.missed_on | gap) - {day},
    )


def _without(run: FlagRun, day: dt.date, clear_after_days: int) -> FlagRun:
    """The run without ``day`` in it."""
    if day in run:
        run = _trimmed(replace(run, missed_on=run.missed_on | {day}))
    quiet = (day - run.last_found_on).days
    if _is_active(run) and quiet >= clear_after_days:
        return replace(run, state=FlagState.CLEARED)
    return run


def _trimmed(run: FlagRun) -> FlagRun:
    """The run from the first to the last day on which it was found."""
    first, last, missed = run.raised_on, run.last_found_on, set(run.missed_on)
    if len(missed) > (last - first).days:
        return replace(run, state=FlagState.WITHDRAWN)
    while first in missed:
        missed.remove(first)
        first += ONE_DAY
    while last in missed:
        missed.remove(last)
        last -= ONE_DAY
    return replace(run, raised_on=first, last_found_on=last, missed_on=frozenset(missed))


def _between(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The days after ``first`` and before ``last``; none where they are the other way round."""
    return frozenset(first + ONE_DAY * n for n in range(1, (last - first).days))


def by_student(found: Iterable[Finding]) -> Mapping[int, tuple[Finding, ...]]:
    """Findings merged: one student, one case."""
    grouped: dict[int, list[Finding]] = {}
    for finding in found:
        grouped.setdefault(finding.student, []).append(finding)
    return {student: tuple(each) for student, each in grouped.items()}
