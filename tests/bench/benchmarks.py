"""The benchmarks. To add one: write a function of the world, its floor, and a line in the table.

A side does its work and returns a summary of its result. Both sides must return the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from integrations.activity.engine import ActivityEngine
from integrations.activity.lake import Lake
from integrations.feeds.events_csv import load_events
from tests.bench import floors
from tests.bench.night import open_night, screen_night
from tests.bench.world import DAY, SOURCE, World

Result = Callable[[], str]
"""Returns a digest of the result. It is called outside the measured time."""
Work = Callable[[], Result]
"""The measured work."""
Side = Callable[[World], Work]
"""Prepares the work, outside the measured time."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Lantern's way and the hand-written way. ``at_most`` is the ratio that may not be exceeded."""

    ours: Side
    floor: Side
    at_most: float
    reads: Callable[[World], list[Path]]
    """The files that the work has to read."""
    same_result: bool = True
    """Whether both sides do the same work. A whole night does more than its floor."""


def ingest_day(world: World) -> Result:
    """Load one day's raw events into a lake, with all checks."""
    lake = Lake(world.root / "ingested")
    load_events(lake, world.raw(world.newest), SOURCE, world.numbers, world.modules)
    return lambda: _of_file(str(lake.path(SOURCE, world.newest)))


def ingest_floor(world: World) -> Result:
    """Aggregate the same file and write the same rows."""
    out = world.root / "floor.parquet"
    floors.ingest(world, out)
    return lambda: _of_file(str(out))


def measures_day(world: World) -> Result:
    """Compute the evidence of all flagged students, for every school."""
    engine = ActivityEngine(world.lake)
    found = list(engine.evidence(DAY, world.agreed(), world.criteria()))
    return lambda: _digest(
        [
            (school, m.student, m.module, str(m.family), m.last_done, m.active_days_28,
             m.expected_28, m.done_28, m.absences,
             round(m.class_weeks[-1], 6) if m.class_weeks else -1.0)
            for school, of_school in found
            for evidence in of_school
            for m in evidence.measures + evidence.elsewhere
        ],
        [
            (m.student, item.module, item.item, item.due)
            for _, of_school in found
            for evidence in of_school
            for m in evidence.measures
            for item in m.missed
        ],
    )  # fmt: skip


def measures_floor(world: World) -> Result:
    """Compute the same rows in SQL alone."""
    found, missed = floors.measures(world)
    return lambda: _digest(found, missed)


def screening_day(world: World) -> Work:
    """Screen a whole university that has never been screened."""
    services = open_night(world)

    def work() -> Result:
        written = screen_night(services)
        services.close()
        return lambda: written

    return work


def _at_once(whole: Callable[[World], Result]) -> Side:
    """Return a side that needs no preparation."""
    return lambda world: lambda: whole(world)


def _raw_day(world: World) -> list[Path]:
    return [world.raw(world.newest)]


def _whole_lake(world: World) -> list[Path]:
    return [world.lake.roster, *world.lake.files(dt.date.min, dt.date.max).values()]


_MEASURES_FLOOR = _at_once(measures_floor)

BENCHMARKS: dict[str, Benchmark] = {
    "ingest_day": Benchmark(_at_once(ingest_day), _at_once(ingest_floor), 1.5, _raw_day),
    "measures_day": Benchmark(_at_once(measures_day), _MEASURES_FLOOR, 1.5, _whole_lake),
    "screening_day": Benchmark(screening_day, _MEASURES_FLOOR, 5, _whole_lake, same_result=False),
}


def _of_file(path: str) -> str:
    return _digest(duckdb.read_parquet(path).fetchall())


def _digest(*results: Iterable[tuple[object, ...]]) -> str:
    whole = hashlib.sha256()
    counts = []
    for rows in results:
        ordered = sorted(map(repr, rows))
        counts.append(f"{len(ordered):,} rows")
        whole.update("\n".join(ordered).encode())
    return f"{', '.join(counts)}, {whole.hexdigest()[:12]}"
