"""Replay past days in memory: which students would be on the list. Nothing is stored.

The evaluation and the simulator use this. It reconciles findings as the store does, and opens as
many cases in a day as the daily limit allows; the other students are considered again on the next
day, for as long as there are findings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flags import flagging, reconcile
from store.rules.flags.capacity import strongest
from store.rules.flags.ranking import in_order
from store.rules.flags.reconcile import FlagRun, Judge
from store.rules.model import FlagState


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What one replayed day would have brought, with and without the daily limit."""

    day: dt.date
    new: Mapping[int, tuple[Finding, ...]]
    """Every student who would come onto the list without a daily limit."""
    taken: tuple[int, ...]
    """Those within the daily limit, the strongest first."""

    @property
    def waiting(self) -> int:
        """Count the students over the daily limit, who wait for another day."""
        return len(self.new) - len(self.taken)


class Rehearsal:
    """A replay in memory: its flags, and the students who got a case."""

    def __init__(self, clear_after_days: int) -> None:
        self._clear_after = clear_after_days
        self._ids = count(1)
        self._runs: dict[int, FlagRun] = {}

    @property
    def watched(self) -> frozenset[int]:
        """Return the students with an active flag, whose evidence is needed on the next day."""
        return frozenset(
            run.student for run in self._runs.values() if run.state is FlagState.ACTIVE
        )

    @property
    def runs(self) -> Sequence[FlagRun]:
        """Return all flags so far of students who got a case."""
        return tuple(self._runs.values())

    def take(
        self,
        found: Sequence[Finding],
        known: Sequence[Evidence],
        day: dt.date,
        room: int,
        judge: Judge,
    ) -> Rehearsed:
        """Process a day's findings.

        ``known`` is the evidence that ranks the students; ``judge`` decides which flags ended.
        """
        near = [run for run in self._runs.values() if self._is_near(run, day)]
        on_list = {run.student for run in near if run.state is FlagState.ACTIVE}
        result = reconcile.reconcile(found, near, day, self._clear_after, judge)
        self._runs |= {run.id: run for run in result.changed}
        raised = flagging.by_student(result.raised)
        new = {student: each for student, each in raised.items() if student not in on_list}
        taken = strongest(new.keys(), in_order(known) if new else (), room)
        for student in [*sorted(raised.keys() & on_list), *taken]:
            for finding in raised[student]:
                run = next(self._ids)
                self._runs[run] = FlagRun(
                    run,
                    student,
                    finding.key,
                    FlagState.ACTIVE,
                    day,
                    day,
                    family=finding.family,
                    source=finding.source,
                    measured=finding.measured,
                )
        return Rehearsed(day, new, tuple(taken))

    def _is_near(self, run: FlagRun, day: dt.date) -> bool:
        return run.state is FlagState.ACTIVE or (day - run.last_found_on).days < self._clear_after
