"""The measures again in plain Python from their definitions: slow, short and obvious."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from integrations.activity.lake import RosterRow
from integrations.activity.relations import AgreedSource
from store.rules.flag_rules.base import Clearing, Criterion
from store.rules.flag_rules.evidence import Evidence, FirstWork, Measure, MissedItem, Piece
from store.rules.model import MarkerFamily
from tests.integrations.reference_nets import is_caught
from tests.integrations.small_lake import Event

_LEAST_CLASS = 5

_SESSIONS = (MarkerFamily.ATTENDANCE, MarkerFamily.MEETINGS)


class Reference:
    """All results for one day from events, roster and agreements."""

    def __init__(
        self,
        day: dt.date,
        events: Sequence[Event],
        roster: Sequence[RosterRow],
        agreed: Collection[AgreedSource],
        criteria: Mapping[str, Criterion],
        clearing: Mapping[str, Clearing] | None = None,
        also: Collection[int] = (),
    ) -> None:
        self.through = day - dt.timedelta(days=1)
        self.events = [event for event in events if event.day <= self.through]
        self.coming = [event for event in events if event.day > self.through]
        self.roster = [row for row in roster if row[4] <= day <= (row[5] or day)]
        self.agreed = sorted(set(agreed), key=lambda each: (each.family, each.source))
        self.criteria = criteria
        self.also = set(also)
        self.delivered = {(event.source, event.day) for event in events}
        self.periods = {
            school: self._period(school, each) for school, each in (clearing or {}).items()
        }

    def _period(self, school: str, clearing: Clearing) -> list[dt.date]:
        """Return the newest days that count and that a source of the school has delivered."""
        sources = {each.source for each in self.agreed if each.school == school}
        days = [self.through - dt.timedelta(days=ago) for ago in range(56)]
        found = [
            day
            for ago, day in enumerate(days)
            if clearing.counting >> ago & 1
            and any((source, day) in self.delivered for source in sources)
        ]
        return found[: clearing.days] if len(found) >= clearing.days else []

    def evidence(self, school: str) -> list[Evidence]:
        """Return the evidence given to the school: students caught by its nets, and ``also``."""
        return [
            evidence
            for student in sorted({row[0] for row in self.roster})
            for evidence in self._of(student, school)
            if student in self.also or is_caught(evidence, self.criteria[school])
        ]

    def _of(self, student: int, school: str) -> Iterator[Evidence]:
        rows = sorted((row for row in self.roster if row[0] == student), key=lambda row: row[2])
        own = [m for row in rows if row[3] == school for m in self._measures(row)]
        # Late or missing work of other modules concerns the module's own school.
        elsewhere = [
            replace(m, missed=(), work_due=0, days_late=0, pieces=())
            for row in rows
            if row[3] != school
            for m in self._measures(row)
        ]
        at_home = rows[0][1] == school
        if own or (at_home and elsewhere):
            seen = own + elsewhere if at_home else own
            yield Evidence(
                student=student,
                measures=tuple(own),
                weeks=self._weeks(seen),
                enrolled_since=min(row[4] for row in rows),
                elsewhere=tuple(elsewhere) if at_home else (),
                at_home=at_home,
                looked_from=min(
                    (day for _, day in self.delivered if 0 <= (self.through - day).days < 120),
                    default=self.through - dt.timedelta(days=119),
                ),
                period=self._bits(self.periods.get(school, [])),
                middle=self._middle(seen, school),
                first_work=tuple(self._first_work(student, school)),
            )

    def _first_work(self, student: int, school: str) -> list[FirstWork]:
        """Return the first work of each module: still to come, and nothing was due or in before."""
        net, found = self.criteria[school], []
        for row in (r for r in self.roster if r[0] == student and r[3] == school):
            known = [
                e for e in self.events if e[2:5] == (student, row[2], "submissions") and e.item
            ]
            agreed = {
                each.source
                for each in self.agreed
                if (each.school, each.family) == (school, MarkerFamily.SUBMISSIONS)
                and any(e.source == each.source for e in self.events)
            }
            coming = [
                (e.day, e.item)
                for e in self.coming
                if e[2:5] == (student, row[2], "submissions") and e.item and e.expected
                if e.source in agreed
            ]
            begun = any(e.done or (e.expected and e.day >= row[4]) for e in known)
            if coming and not begun:
                due, item = min(coming)
                found.append(FirstWork(row[2], item, due))
        by = net.first_due_by or dt.date.min
        return sorted((f for f in found if f.due <= by), key=lambda f: (f.due, f.module))

    def _bits(self, days: Collection[dt.date]) -> int:
        ages = {(self.through - day).days for day in days}
        return sum(1 << age for age in ages if 0 <= age < 56)

    def _middle(self, measures: Sequence[Measure], school: str) -> float | None:
        period = self.periods.get(school)
        if not self.also.intersection(m.student for m in measures) or period is None:
            return None
        middles = []
        for module in {m.module for m in measures}:
            on_it = [self._active(r[0], period) for r in self.roster if r[2] == module]
            active = [number for number in on_it if number is not None]
            middles += [statistics.median(active)] if len(active) >= _LEAST_CLASS else []
        return max(middles, default=None)

    def _active(self, student: int, period: Collection[dt.date]) -> int | None:
        """Return the period's days with activity in any agreed source, on any of the modules."""
        mine = [m for row in self.roster if row[0] == student for m in self._measures(row)]
        seen = 0
        for m in mine:
            seen |= m.days_seen
        return (seen & self._bits(period)).bit_count() if mine else None

    def _measures(self, row: RosterRow) -> Iterator[Measure]:
        student, _, module, school, *_ = row
        for each in self.agreed:
            fresh = max((e.day for e in self.events if e.source == each.source), default=None)
            if each.school != school or fresh is None:
                continue
            mine = [
                # Sessions before a student joined were not expected of them.
                e._replace(expected=0) if e.family in _SESSIONS and e.day < row[4] else e
                for e in self._mine(student, module, each.family, each.source)
            ]
            recent = [e for e in mine if (self.through - e.day).days < 28]
            yield Measure(
                student=student,
                module=module,
                family=each.family,
                source=each.source,
                fresh=fresh,
                last_done=max((e.day for e in mine if e.done), default=None),
                active_days_28=len({e.day for e in recent if e.done}),
                expected_28=sum(e.expected for e in recent),
                done_28=sum(e.done for e in recent),
                missed=tuple(self._missed(row, each)),
                since=row[4],
                weeks=self._own_weeks(mine) if each.family is MarkerFamily.VLE else (),
                class_weeks=self._class_weeks(row, each),
                absences=self._missed_in_a_row(mine, each, MarkerFamily.ATTENDANCE),
                meetings_missed=self._missed_in_a_row(mine, each, MarkerFamily.MEETINGS),
                pieces=tuple(self._pieces(row, each)),
                days_seen=self._bits([e.day for e in mine if e.done]),
                days_expected=self._bits(
                    [e.day for e in mine if e.expected and each.family in _SESSIONS]
                ),
                class_in_period=self._class_in_period(row, each),
                class_sessions=self._class_sessions(row, each),
                **self._lateness(row, each),
            )

    def _pieces(self, row: RosterRow, each: AgreedSource) -> Iterator[Piece]:
        student, _, module, _, starts, _ = row
        if student not in self.also or each.family is not MarkerFamily.SUBMISSIONS:
            return
        found = []
        for item in {e.item for e in self.events if e.module == module and e.item}:
            due, source = self._due(student, row, item)
            if due is not None and source == each.source:
                arrived = [e.day for e in self._work(student, row, item) if e.done]
                found.append(Piece(item, due, min(arrived, default=None), due >= starts))
        yield from sorted(found, key=lambda piece: (piece.due, piece.item))

    def _class_in_period(self, row: RosterRow, each: AgreedSource) -> float | None:
        period = self.periods.get(row[3])
        if each.family is not MarkerFamily.VLE or period is None or not self.also:
            return None
        of_class = [
            len(
                {e.day for e in self._mine(r[0], r[2], each.family, each.source) if e.done}
                & set(period)
            )
            for r in self.roster
            if r[2] == row[2]
        ]
        return sum(of_class) / len(of_class)

    def _class_sessions(self, row: RosterRow, each: AgreedSource) -> tuple[float | None, ...]:
        """Return the median sessions of students who had any, from Monday to Sunday."""
        if each.family is not MarkerFamily.ATTENDANCE:
            return ()
        found: list[float | None] = []
        for monday in self._mondays():
            of_week = [monday + dt.timedelta(days=n) for n in range(7)]
            attended = []
            for r in (r for r in self.roster if r[2] == row[2]):
                mine = self._mine(r[0], r[2], each.family, each.source)
                held = {e.day for e in mine if e.expected and r[4] <= e.day} & set(of_week)
                if held:
                    attended.append(len(held & {e.day for e in mine if e.done}))
            found.append(statistics.median(attended) if len(attended) >= 10 else None)
        return tuple(found) if any(each is not None for each in found) else ()

    def _mondays(self) -> list[dt.date]:
        monday = self.through - dt.timedelta(days=self.through.weekday())
        return [monday - dt.timedelta(weeks=ago) for ago in reversed(range(8))]

    def _own_weeks(self, mine: Sequence[Event]) -> tuple[int, ...]:
        days = {e.day for e in mine if e.done}
        ages = [(self.through - day).days // 7 for day in days]
        return tuple(ages.count(week) for week in reversed(range(8)))

    def _class_weeks(self, row: RosterRow, each: AgreedSource) -> tuple[float, ...]:
        if each.family is not MarkerFamily.VLE:
            return ()
        of_class = [
            self._own_weeks(self._mine(r[0], r[2], each.family, each.source))
            for r in self.roster
            if r[2] == row[2]
        ]
        return tuple(sum(week) / len(of_class) for week in zip(*of_class, strict=True))

    def _missed_in_a_row(
        self, mine: Sequence[Event], each: AgreedSource, family: MarkerFamily
    ) -> int:
        if each.family is not family:
            return 0
        recent = [e for e in mine if (self.through - e.day).days < 56]
        last = max((e.day for e in recent if e.done), default=dt.date.min)
        return len({e.day for e in recent if e.expected and e.day > last})

    def _lateness(self, row: RosterRow, each: AgreedSource) -> dict[str, Any]:
        student, _, module, school, starts, _ = row
        net, late = self.criteria.get(school), []
        for item in sorted({e.item for e in self.events if e.module == module and e.item}):
            due, source = self._due(student, row, item)
            if each.family is not MarkerFamily.SUBMISSIONS or due is None or source != each.source:
                continue
            if net and due >= starts and self._share(row, item) >= net.arrived_share:
                handed_in = [e.day for e in self._work(student, row, item) if e.done]
                late.append(max((min(handed_in, default=self.through) - due).days, 0))
        return {"work_due": len(late), "days_late": sum(late)}

    def _share(self, row: RosterRow, item: str) -> float:
        peers = [r for r in self.roster if r[2] == row[2] and self._due(r[0], row, item)[0]]
        return sum(self._arrived(r[0], row, item) for r in peers) / len(peers)

    def _missed(self, row: RosterRow, each: AgreedSource) -> Iterator[MissedItem]:
        student, _, module, school, starts, _ = row
        net = self.criteria.get(school)
        if not (each.family is MarkerFamily.SUBMISSIONS and net and net.missed_due_by):
            return
        assert net.missed_due_from is not None
        found = []
        for item in {e.item for e in self.events if e.module == module and e.item}:
            due, source = self._due(student, row, item)
            if due is None or source != each.source or due < starts:
                continue
            in_window = net.missed_due_from <= due <= net.missed_due_by
            missing = in_window and not self._arrived(student, row, item)
            if missing and self._share(row, item) >= net.arrived_share:
                found.append(MissedItem(module, item, due))
        yield from sorted(found, key=lambda missed: (missed.due, missed.item))

    def _due(self, student: int, row: RosterRow, item: str) -> tuple[dt.date | None, str | None]:
        """Return the last due day and the source that states it, the first by name."""
        said = [e for e in self._work(student, row, item) if e.expected]
        return max((e.day for e in said), default=None), min((e.source for e in said), default=None)

    def _arrived(self, student: int, row: RosterRow, item: str) -> bool:
        return any(e.done for e in self._work(student, row, item))

    def _work(self, student: int, row: RosterRow, item: str) -> list[Event]:
        agreed = {
            each.source
            for each in self.agreed
            if each.school == row[3] and each.family is MarkerFamily.SUBMISSIONS
        }
        return [
            e
            for e in self.events
            if (e.student, e.module, e.family, e.item) == (student, row[2], "submissions", item)
            and e.source in agreed
        ]

    def _mine(self, student: int, module: str, family: MarkerFamily, source: str) -> list[Event]:
        wanted = (student, module, family, source)
        return [e for e in self.events if (e.student, e.module, e.family, e.source) == wanted]

    def _weeks(self, measures: Sequence[Measure]) -> tuple[int, ...]:
        days: dict[int, set[dt.date]] = defaultdict(set)
        for m in measures:
            for e in self._mine(m.student, m.module, m.family, m.source):
                if e.done:
                    days[(self.through - e.day).days // 7].add(e.day)
        return tuple(len(days[week]) for week in reversed(range(8)))
