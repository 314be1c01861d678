"""Many mornings measured at once give the evidence of each morning alone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from integrations.activity.catching import Asked, Net
from integrations.activity.day_notes import DayNote, write_note
from integrations.activity.engine import ActivityEngine
from integrations.activity.lake import Lake
from integrations.activity.relations import EXCUSES, EXTENDED_TO, EXTENSIONS, AgreedSource
from store.rules.flag_rules.base import Clearing, Criterion
from store.rules.model import MarkerFamily
from tests.integrations.small_lake import MONDAY, Event, before, write

STUDENTS, SEED, DAYS = range(1, 41), 5, 100
MODULES = {"FRE1": "LANG", "SPA1": "LANG", "HIS1": "HIST"}
SOURCES = {
    "moodle": MarkerFamily.VLE,
    "register": MarkerFamily.ATTENDANCE,
    "turned-in": MarkerFamily.SUBMISSIONS,
    "tutors": MarkerFamily.MEETINGS,
}
AGREED = [
    AgreedSource(school, family, source)
    for school in ("LANG", "HIST")
    for source, family in SOURCES.items()
]
MORNINGS = [MONDAY - dt.timedelta(days=ago) for ago in (40, 33, 9, 6, 5, 4, 1, 0)]


def test_it_is_the_evidence_of_each_morning_alone(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    _fill(lake, random.Random(SEED))
    engine = ActivityEngine(lake, _records)
    caught: set[int] = set()
    asked = [_asked(day, caught) for day in MORNINGS]
    answers = engine.evidence_of_mornings(asked)
    seen = []
    for each, found in zip(asked, answers, strict=True):
        alone = [
            dict(
                engine.evidence(
                    each.day, AGREED, net.criteria, net.also(), each.back, each.met, net.clearing
                )
            )
            for net in each.nets
        ]
        assert found == alone, each.day
        unknown = [[e.unmeasured for of in net.values() for e in of] for net in found]
        assert unknown == [[e.unmeasured for of in net.values() for e in of] for net in alone]
        seen += [e for net in found for of in net.values() for e in of]
        caught |= {e.student for e in found[0]["LANG"] if e.student % 3}
    measures = [m for e in seen for m in e.measures]
    assert any(e.middle for e in seen)
    assert any(e.elsewhere for e in seen)
    assert any(e.first_work for e in seen)
    for name in ("missed", "pieces", "absences", "class_in_period", "class_sessions"):
        assert any(getattr(each, name) for each in measures), f"{name}: no one has any to compare"


def _asked(day: dt.date, caught: set[int]) -> Asked:
    """Ask by two nets; the first one's students have flags once an earlier morning caught them."""
    net = Criterion(
        silent_since=day - dt.timedelta(days=6),
        missed_due_from=day - dt.timedelta(days=42),
        missed_due_by=day - dt.timedelta(days=3),
        arrived_share=0.3,
        attended_below=0.5,
        absent_in_a_row=3,
        first_due_by=day + dt.timedelta(days=9),
        unseen_since=day - dt.timedelta(days=2),
    )
    period = {"LANG": Clearing(10, (1 << 56) - 1)}
    return Asked(
        day,
        AGREED,
        [
            Net({"LANG": net, "HIST": net}, lambda: frozenset(caught), period),
            Net({"HIST": Criterion(quiet_weeks=2, quiet_below=0.5)}, lambda: [7]),
        ],
        {3: before(20)} if day > before(20) else {},
        [(4, before(12)), (5, before(3))],
    )


@contextmanager
def _records() -> Iterator[Any]:
    """Stand for the records: an absence that colleagues agreed with one student."""

    def adjustments(first: dt.date, last: dt.date) -> list[tuple[int, str, dt.date, dt.date]]:
        agreed = (6, "attendance", before(30), before(2))
        return [agreed] if agreed[2] <= last and agreed[3] >= first else []

    yield SimpleNamespace(adjustments=adjustments)


def _fill(lake: Lake, chance: random.Random) -> None:
    """Write a school: absences, late and missing work, thin days, refused rows, excuses."""
    homes = {student: ("HIST" if student % 5 == 0 else "LANG") for student in STUDENTS}
    taken = {s: ["FRE1", "HIS1"] if s % 4 == 0 else ["FRE1", "SPA1"] for s in STUDENTS}
    rows = [
        (s, homes[s], module, MODULES[module], before(DAYS - s % 7 * 20), _end(s))
        for s in STUDENTS
        for module in taken[s]
    ]
    # This student's first work in a module is still to come on most of the mornings.
    lake.write_roster([*rows, (13, homes[13], "HIS1", MODULES["HIS1"], before(30), None)])
    write(lake, _events(chance, taken))
    write_note(lake.path("moodle", before(15)), DayNote(students=frozenset([1, 2])))
    write_note(lake.path("register", before(8)), DayNote(strangers={"LANG": 0.4}))
    write_note(lake.path("turned-in", before(5)), DayNote(strangers={"": 0.4}))
    write_note(lake.path("moodle", before(35)), DayNote(covered=False))
    write_note(lake.path("turned-in", before(12)), DayNote(corrected=before(7)))


def _end(student: int) -> dt.date | None:
    return before(7) if student % 11 == 0 else None


def _events(chance: random.Random, taken: dict[int, list[str]]) -> Iterator[Event]:
    for ago in range(DAYS, 0, -1):
        day = before(ago)
        is_thin = ago in (6, 34)
        for student, modules in taken.items():
            eager = 0.02 if student % 6 == 0 and ago < 30 else 0.6
            if is_thin and student > 4:
                continue
            for module in modules:
                if chance.random() < eager:
                    yield Event("moodle", day, student, module, "vle", None, 0, 1)
                if day.weekday() in (1, 3):
                    came = int(chance.random() < eager)
                    yield Event("register", day, student, module, "attendance", f"L{ago}", 1, came)
                if ago % 21 == 0:
                    item = f"A{ago}"
                    yield Event("turned-in", day, student, module, "submissions", item, 1, 0)
                    if chance.random() < eager + 0.2:
                        on = before(max(1, ago + chance.choice((-4, 0, 1))))
                        yield Event("turned-in", on, student, module, "submissions", item, 0, 1)
            if ago % 14 == 0:
                held = int(chance.random() < eager)
                yield Event("tutors", day, student, modules[0], "meetings", None, 1, held)
    until = EXTENDED_TO.join(("A42", before(20).isoformat()))
    yield Event("turned-in", before(3), 13, "HIS1", "submissions", "First", 1, 0)
    yield Event("turned-in", before(50), 8, "FRE1", EXTENSIONS, until, 0, 0)
    ill = EXTENDED_TO.join(("attendance", "", before(1).isoformat()))
    yield Event("register", before(25), 9, "", EXCUSES, ill, 0, 0)
