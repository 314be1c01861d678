"""Compare a day's findings with the stored flags: which are new, continue, are withdrawn or end.

A flag records exactly the screened days on which it was found: from ``raised_on`` to
``last_found_on``, except ``missed_on``. So any day can be screened again: the same findings change
nothing, and a correction removes its day. A flag without any day left is withdrawn: it was never
true.

A flag that is no longer found has not ended yet. Its rule says whether it has, and why; until then
it continues (paragraph 18).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from store.rules.flag_rules.base import Standing
from store.rules.flag_rules.evidence import Finding, Raised
from store.rules.model import FlagEnd, FlagState, MarkerFamily

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FlagRun:
    """A stored flag, with the data needed to reconcile it with a day's findings."""

    id: int
    student: int
    key: str
    state: FlagState
    raised_on: dt.date
    last_found_on: dt.date
    missed_on: frozenset[dt.date] = frozenset()
    """Days in between on which the flag was not found, without clearing it. Mostly none."""
    family: MarkerFamily = MarkerFamily.VLE
    source: str = ""
    measured: Mapping[str, str | int | float] = field(default_factory=dict, compare=False)
    end: FlagEnd | None = None
    """Why the flag is no longer active."""
    ended_on: dt.date | None = None
    """The screened day on which it ended; None where it is active, or where screening its last
    day again withdrew it."""

    def __contains__(self, day: object) -> bool:
        """Return whether the flag was found on this day."""
        return (
            isinstance(day, dt.date)
            and self.state is not FlagState.WITHDRAWN
            and self.raised_on <= day <= self.last_found_on
            and day not in self.missed_on
        )

    @property
    def raised(self) -> Raised:
        """The flag in the form that its rule judges."""
        rule, module, subject = (*self.key.split("|", 2), "", "")[:3]
        return Raised(
            student=self.student,
            rule=rule,
            module=module or None,
            subject=subject,
            family=self.family,
            source=self.source,
            last_found_on=self.last_found_on,
            measured=self.measured,
        )


Judge = Callable[[FlagRun], Standing]
"""Judges a flag that was not found."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The changes that a screening makes: new findings, and changed runs."""

    raised: tuple[Finding, ...]
    changed: tuple[FlagRun, ...]


def reconcile(
    found: Iterable[Finding],
    known: Iterable[FlagRun],
    day: dt.date,
    clear_after_days: int,
    judge: Judge,
    unsure: Collection[int] = (),
) -> Reconciled:
    """Compare the findings of ``day`` with the stored flags.

    ``known`` are this population's flags that are active, ended on ``day``, or were last found
    fewer than ``clear_after_days`` before ``day``, or later. Each finding prolongs its flag or
    raises a new one; each flag without a finding shortens, is withdrawn, or ends where ``judge``
    says so. A return ends it ``clear_after_days`` after it was last found at the earliest.
    ``unsure`` are flags, by id, that rest on a source that has stopped delivering: they do not
    shorten, and no return ends them.
    """
    runs: dict[tuple[int, str], list[FlagRun]] = {}
    for run in known:
        runs.setdefault((run.student, run.key), []).append(run)
    ask = _Asked(day, clear_after_days, judge, frozenset(unsure))
    pending = {(finding.student, finding.key): finding for finding in found}
    changed = []
    for flag, each in runs.items():
        if flag not in pending:
            newest = max(each, key=lambda run: (run.raised_on, run.id))
            missed = [
                (run, _ended(run if run.id in unsure else _without(run, day, run is newest), ask))
                for run in each
            ]
            changed += [after for run, after in missed if after != run]
        elif taker := _taker(_takers(each, day), day, clear_after_days):
            del pending[flag]
            after = _with(taker, day)
            changed += [after] if after != taker else []
    return Reconciled(raised=tuple(pending.values()), changed=tuple(changed))


def _takers(runs: list[FlagRun], day: dt.date) -> list[FlagRun]:
    """List the runs that may take a finding of ``day``: a carried one keeps only its own days."""
    return [run for run in runs if run.state is not FlagState.CARRIED or day in run]


def _taker(runs: list[FlagRun], day: dt.date, clear_after_days: int) -> FlagRun | None:
    """Find the run that a finding of ``day`` belongs to, if any.

    The active run takes every finding that no other run has, however far away, since two runs of
    one flag must never be active at once. A run that ended on ``day`` was active until then.
    """

    def distance(run: FlagRun) -> int:
        return max((run.raised_on - day).days, (day - run.last_found_on).days)

    if not runs:
        return None
    best = min(runs, key=lambda run: (day not in run, not _is_active(run), distance(run)))
    near = _is_active(best) or best.ended_on == day or distance(best) < clear_after_days
    return best if near else None


def _is_active(run: FlagRun) -> bool:
    return run.state is FlagState.ACTIVE


def _with(run: FlagRun, day: dt.date) -> FlagRun:
    """Add ``day`` to the run. A run that has ended is active again if the day is newer."""
    if day in run:
        return run
    if run.state is FlagState.WITHDRAWN:
        return replace(
            run,
            state=FlagState.ACTIVE,
            raised_on=day,
            last_found_on=day,
            missed_on=frozenset(),
            end=None,
            ended_on=None,
        )
    goes_on = day > run.last_found_on
    gap = _between(run.last_found_on, day) | _between(day, run.raised_on)
    return replace(
        run,
        state=FlagState.ACTIVE if goes_on else run.state,
        end=None if goes_on else run.end,
        ended_on=None if goes_on else run.ended_on,
        raised_on=min(run.raised_on, day),
        last_found_on=max(run.last_found_on, day),
        missed_on=(run.missed_on | gap) - {day},
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The facts that decide on a day whether a flag that was not found has ended."""

    day: dt.date
    clear_after_days: int
    judge: Judge
    unsure: frozenset[int]


def _without(run: FlagRun, day: dt.date, is_newest: bool) -> FlagRun:
    """Remove ``day`` from the run, and make it active again where it ended on that day.

    A day that is screened again is judged again. A run that was followed by another stays ended:
    two runs of one flag must never be active at once.
    """
    if day in run:
        run = _trimmed(replace(run, missed_on=run.missed_on | {day}))
    if run.ended_on == day and is_newest and run.end is not FlagEnd.CORRECTED:
        return replace(run, state=FlagState.ACTIVE, end=None, ended_on=None)
    return run


def _ended(run: FlagRun, asked: _Asked) -> FlagRun:
    """End the run where there is a reason to end it."""
    quiet = (asked.day - run.last_found_on).days
    if not _is_active(run) or quiet <= 0:
        return run
    end = asked.judge(run)
    if end is FlagEnd.CORRECTED:
        return replace(run, state=FlagState.WITHDRAWN, end=end, ended_on=asked.day)
    if not isinstance(end, FlagEnd) or (
        end is FlagEnd.BACK and (quiet < asked.clear_after_days or run.id in asked.unsure)
    ):
        return run
    return replace(run, state=FlagState.CLEARED, end=end, ended_on=asked.day)


def _trimmed(run: FlagRun) -> FlagRun:
    """Cut the run to the first and last day on which it was found."""
    first, last, missed = run.raised_on, run.last_found_on, set(run.missed_on)
    if len(missed) > (last - first).days:
        return replace(run, state=FlagState.WITHDRAWN, end=FlagEnd.CORRECTED, ended_on=None)
    while first in missed:
        missed.remove(first)
        first += ONE_DAY
    while last in missed:
        missed.remove(last)
        last -= ONE_DAY
    return replace(run, raised_on=first, last_found_on=last, missed_on=frozenset(missed))


def _between(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """Return the days after ``first`` and before ``last``; none if ``last`` comes first."""
    return frozenset(first + ONE_DAY * n for n in range(1, (last - first).days))
