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


@dataclass(frozen=True, slots=True)
class FlagDay:
    """The flags of one replayed day, before anyone is asked or gets a case."""

    day: dt.date
    found: Mapping[tuple[int, str], Finding]
    """(student, key) → what was found today."""
    raised: Mapping[tuple[int, str], int]
    """The new flags of today, by their number."""
    active: tuple[FlagRun, ...]


class FlagHistory:
    """The flags of a replay. Holds and cases do not change them, so replays can share them."""

    def __init__(self, clear_after_days: int) -> None:
        self._clear_after = clear_after_days
        self._ids = count(1)
        self.runs: dict[int, FlagRun] = {}
        """All flags so far, by their number."""
        self._near: set[int] = set()
        """Flags that may still take a finding; the others are over."""

    @property
    def active(self) -> tuple[FlagRun, ...]:
        """Return the active flags, oldest first."""
        near = (self.runs[each] for each in sorted(self._near))
        return tuple(run for run in near if run.state is FlagState.ACTIVE)

    def screen(self, found: Sequence[Finding], day: dt.date, judge: Judge) -> FlagDay:
        """Reconcile a day's findings with the flags so far; ``judge`` decides which ended."""
        near = [self.runs[each] for each in sorted(self._near)]
        result = reconcile.reconcile(found, near, day, self._clear_after, judge)
        self.runs |= {run.id: run for run in result.changed}
        raised = {(each.student, each.key): self._make(each, day) for each in result.raised}
        self._near = {each for each in self._near if self._is_near(self.runs[each], day)}
        today = {(each.student, each.key): each for each in found}
        return FlagDay(day, today, raised, self.active)

    def _make(self, finding: Finding, day: dt.date) -> int:
        run = next(self._ids)
        self._near.add(run)
        self.runs[run] = FlagRun(
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

    def _is_near(self, run: FlagRun, day: dt.date) -> bool:
        return run.state is FlagState.ACTIVE or (day - run.last_found_on).days < self._clear_after


class Rehearsal:
    """A replay in memory: its flags, and the students who got a case."""

    def __init__(
        self,
        clear_after_days: int,
        holding: Holding | None = None,
        history: FlagHistory | None = None,
    ) -> None:
        self._holding = holding
        self._history = history or FlagHistory(clear_after_days)
        self._on_case: dict[int, dt.date] = {}
        """Flag → the day on which it came onto a case."""
        self._held: dict[int, dt.date] = {}
        """Flag → the day that was held with it."""
        self._open: frozenset[int] = frozenset()
        """The students with an open case on the day before."""

    @property
    def watched(self) -> frozenset[int]:
        """Return the students with an active flag, whose evidence is needed on the next day."""
        return frozenset(run.student for run in self._history.active)

    @property
    def runs(self) -> Sequence[FlagRun]:
        """Return all flags so far of students who got a case."""
        return tuple(self._history.runs[each] for each in sorted(self._on_case))

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
        return self.queue(self._history.screen(found, day, judge), lambda: in_order(known), room)

    def queue(self, flags: FlagDay, order: Callable[[], Sequence[int]], room: int) -> Rehearsed:
        """Hold a surge, and open cases for the day's flags.

        ``order`` returns the students with the most evidence first. It is asked only where one is
        waiting.
        """
        day = flags.day
        held = self._hold(flags)
        on_case = {run.student for run in flags.active if run.id in self._on_case}
        on_list = self._open | on_case
        new: dict[int, list[Finding]] = {}
        since: dict[int, dt.date] = {}
        loose = [run for run in flags.active if run.id not in self._on_case]
        ready = [run for run in loose if not self._is_held(run, day)]
        for run in ready:
            since[run.student] = min(run.raised_on, since.get(run.student, day))
            if run.student in on_list:
                self._on_case[run.id] = day
            elif run.last_found_on == day:
                new.setdefault(run.student, []).append(flags.found[run.student, run.key])
        waiting = {each: since[each] for each in new}
        taken = next_in_turn(waiting, order() if new else (), day, room)
        self._on_case |= {run.id: day for run in ready if run.student in set(taken)}
        self._open = frozenset(run.student for run in flags.active if run.id in self._on_case)
        return Rehearsed(
            day,
            {student: tuple(each) for student, each in new.items()},
            tuple(taken),
            {student: (day - since[student]).days for student in taken},
            held,
            frozenset(run.student for run in loose) - on_list - set(taken),
        )

    def _hold(self, flags: FlagDay) -> tuple[ModuleSurge, ...]:
        """Hold the new flags of a surge; return the surges."""
        if self._holding is None:
            return ()
        room = self._holding.room
        asked = in_question([flags.found[each] for each in flags.raised], flags.day, room)
        if len({each.student for each in asked}) <= room.surge_from:
            return ()
        modules_of, sizes = self._holding.classes(flags.day)
        found = list(surging(modules_about(asked, modules_of), sizes, room))
        self._held |= {flags.raised[flag]: flags.day for _, which in found for flag in which}
        return tuple(surge for surge, _ in found)

    def _is_held(self, run: FlagRun, day: dt.date) -> bool:
        if run.id not in self._held or self._holding is None:
            return False
        after = self._holding.answered_after
        return after is None or (day - self._held[run.id]).days < after
