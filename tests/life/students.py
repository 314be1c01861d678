"""The 300 students: most are regular, and some follow one of eleven patterns."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.policy.people import GLAS, MODULES, RIVE, TERM, Habit, Student

EACH_WAY = 2
"""Students of each school who follow each of the patterns."""
NAMES = (
    "Ald",
    "Brim",
    "Corv",
    "Dray",
    "Esk",
    "Fol",
    "Grint",
    "Hesk",
    "Ilm",
    "Jarv",
    "Kest",
    "Lorn",
)


@dataclass(frozen=True)
class Way:
    """One pattern of activity. ``wanted`` is what a colleague or the student does besides."""

    name: str
    habit: Habit
    wanted: str = ""


def ways(first: dt.date) -> tuple[Way, ...]:
    """Return the eleven patterns, for a term that begins on this day."""

    def after(days: int) -> dt.date:
        return first + dt.timedelta(days=days)

    def gone(days: int) -> Habit:
        return Habit(until=after(days))

    return (
        Way("never seen", Habit(until=dt.date.min)),
        Way("one click a week", Habit(clicks_only_on=2)),
        Way("comes back and fades", Habit(until=after(3), back=(after(22), after(23)))),
        Way("bereaved", gone(4), "exempt"),
        Way("joint programme", Habit(skips=(MODULES[RIVE][0], MODULES[GLAS][0]))),
        Way("moved school", gone(2), "moves"),
        Way("other address", gone(3), "answers"),
        Way("complains", gone(1), "complains"),
        Way("dies", gone(4), "dies"),
        Way("seen in the library", gone(2), "library"),
        Way("model student", Habit()),
    )


@dataclass(frozen=True)
class Everyone:
    """All students, and the pattern that each follows."""

    students: tuple[Student, ...]
    ways: Mapping[str, Way]
    """Number → the pattern."""


def everyone(size: int, seed: int) -> Everyone:
    """Make ``size`` students, half in each school, the same for the same seed."""
    chance = random.Random(f"students {seed}")
    made, lived = [], {}
    for school, first in ((GLAS, 6001), (RIVE, 8001)):
        special = [way for way in ways(TERM) for _ in range(EACH_WAY)]
        numbers = chance.sample(range(size // 2), len(special))
        by_place = dict(zip(numbers, special, strict=True))
        for n in range(size // 2):
            way = by_place.get(n)
            who = _student(school, first + n, n, way)
            made.append(who)
            if way:
                lived[who.number] = way
    return Everyone(tuple(made), lived)


def _student(school: str, number: int, n: int, way: Way | None) -> Student:
    other = RIVE if school == GLAS else GLAS
    joint = way is not None and way.name == "joint programme"
    modules = (*MODULES[school][:2], MODULES[other][0]) if joint else MODULES[school]
    return Student(
        f"{school[0]}{number}",
        f"{NAMES[n % 12]}a{n:03}".replace("0", "o"),
        f"{NAMES[n // 12 % 12]}wick",
        school,
        programme=f"B{'A' if school == GLAS else 'Sc'} {school.title()}",
        contributing=other if joint else "",
        modules=modules,
        habit=way.habit if way else Habit(comes_to_every=1),
        writes_notes=way is None,
    )
