"""Replay past days in memory: what the screening would have brought. Nothing is stored.

The evaluation and the simulator use this. It does what the screening does with a day's findings,
by the same rules: it reconciles them with the flags so far, holds a surge, puts the flags of open
cases on them, and opens as many cases as the daily limit allows. The other students wait. A case
is open here while one of its flags is active: no one closes it earlier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flags import reconcile
from store.rules.flags.capacity import ModuleSurge, Room, next_in_turn
from store.rules.flags.ranking import in_order
from store.rules.flags.reconcile import FlagRun, Judge
from store.rules.flags.surging import in_question, modules_about, surging
from store.rules.model import FlagState

ModulesAndSizes = tuple[Mapping[int, Collection[str]], Mapping[str, int]]
"""Student → their modules, and module → the number of its students."""


@dataclass(frozen=True, slots=True)
class Holding:
    """When a replay holds a surge, and how long until a colleague has answered."""

    room: Room
    classes: Callable[[dt.date], ModulesAndSizes]
    """Asked only on a day that may have a surge."""
    answered_after: int | None = 0
    """Days until a colleague says that the data is right; None: no one ever does."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What one replayed day would have brought, with and without the daily limit."""

    day: dt.date
    new: Mapping[int, tuple[Finding, ...]]
    """Every student who would come onto the list without a daily limit."""
    taken: tuple[int, ...]
    """Those within the daily limit, in the order in which they get a case."""
    waited: Mapping[int, int] = field(default_factory=dict)
    """Of those taken: the days since their first flag."""
    held: tuple[ModuleSurge, ...] = ()
    flagged: frozenset[int] = frozenset()
    """Students with an active flag and no case at the end of the day, held ones included."""

    @property
    def waiting(self) -> int:
        """Count the students over the daily limit, who wait for another day."""
        return len(self.new) - len(self.taken)


class Rehearsal:
    """A replay in memory: its flags, and the students who got a case."""

    def __init__(self, clear_after_days: int, holding: Holding | None = None) -> None:
        self._clear_after = clear_after_days
        self._holding = holding
        self._ids = count(1)
        self._runs: dict[int, FlagRun] = {}
        self._near: set[int] = set()
        """Flags that may still take a finding; the others are over."""
        self._on_case: dict[int, dt.date] = {}
        """Flag → the day on which it came onto a case."""
        self._held: dict[int, dt.date] = {}
        """Flag → the day that was held with it."""

    @property
    def watched(self) -> frozenset[int]:
        """Return the students with an active flag, whose evidence is needed on the next day."""
        return frozenset(run.student for run in self._active())

    @property
    def runs(self) -> Sequence[FlagRun]:
        """Return all flags so far of students who got a case."""
        return tuple(self._runs[each] for each in sorted(self._on_case))

    @property
    def taken_on(self) -> Mapping[int, dt.date]:
        """Map each of ``runs``, by id, to the day on which it came onto its case."""
        return self._on_case

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
        near = [self._runs[each] for each in sorted(self._near)]
        open_before = self._students_with_cases()
        result = reconcile.reconcile(found, near, day, self._clear_after, judge)
        self._runs |= {run.id: run for run in result.changed}
        held = self._raise(result.raised, day)
        self._near = {each for each in self._near if self._is_near(self._runs[each], day)}
        on_list = open_before | self._students_with_cases()
        today = {(each.student, each.key): each for each in found}
        new: dict[int, list[Finding]] = {}
        since: dict[int, dt.date] = {}
        loose = [run for run in self._active() if run.id not in self._on_case]
        ready = [run for run in loose if not self._is_held(run, day)]
        for run in ready:
            since[run.student] = min(run.raised_on, since.get(run.student, day))
            if run.student in on_list:
                self._on_case[run.id] = day
            elif run.last_found_on == day:
                new.setdefault(run.student, []).append(today[run.student, run.key])
        order = in_order(known) if new else ()
        taken = next_in_turn({each: since[each] for each in new}, order, day, room)
        self._on_case |= {run.id: day for run in ready if run.student in set(taken)}
        return Rehearsed(
            day,
            {student: tuple(each) for student, each in new.items()},
            tuple(taken),
            {student: (day - since[student]).days for student in taken},
            held,
            frozenset(run.student for run in loose) - on_list - set(taken),
        )

    def _raise(self, raised: Sequence[Finding], day: dt.date) -> tuple[ModuleSurge, ...]:
        """Make the new flags, and hold those of a surge; return the surges."""
        made = {(each.student, each.key): self._make(each, day) for each in raised}
        asked = in_question(raised, day, self._holding.room) if self._holding else []
        if not self._holding or len({e.student for e in asked}) <= self._holding.room.surge_from:
            return ()
        modules_of, sizes = self._holding.classes(day)
        found = list(surging(modules_about(asked, modules_of), sizes, self._holding.room))
        self._held |= {made[flag]: day for _, which in found for flag in which}
        return tuple(surge for surge, _ in found)

    def _make(self, finding: Finding, day: dt.date) -> int:
        run = next(self._ids)
        self._near.add(run)
        self._runs[run] = FlagRun(
            run,
            finding.student,
            finding.key,
            FlagState.ACTIVE,
            day,
            day,
            family=finding.family,
            source=finding.source,
            measured=finding.measured,
        )
        return run

    def _active(self) -> list[FlagRun]:
        near = (self._runs[each] for each in sorted(self._near))
        return [run for run in near if run.state is FlagState.ACTIVE]

    def _students_with_cases(self) -> set[int]:
        return {run.student for run in self._active() if run.id in self._on_case}

    def _is_held(self, run: FlagRun, day: dt.date) -> bool:
        if run.id not in self._held or self._holding is None:
            return False
        after = self._holding.answered_after
        return after is None or (day - self._held[run.id]).days < after

    def _is_near(self, run: FlagRun, day: dt.date) -> bool:
        return run.state is FlagState.ACTIVE or (day - run.last_found_on).days < self._clear_after
