"""Everything that a command may ask of the lake, handed to the dispatcher as one thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock

from integrations.activity.coverage import lead_notes
from integrations.activity.digital_traces import look_in
from integrations.activity.measured import Measured, measured_days
from integrations.activity.simulation import simulate
from integrations.bootstrap import Services
from store.rules.errors import NotPossibleNow
from store.rules.flags.coverage import Notes
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.simulation import Simulate, Simulation
from store.rules.students.digital_traces import Look


@dataclass(frozen=True, slots=True)
class Lookups:
    """``look``: one student's digital traces; ``simulate``: a draft over past weeks; ``notes``:
    what an engagement lead looks into; ``newest``: source → the last day that is known of it on
    the morning of a day; ``measured``: the days of every
    source that are measured until then."""

    look: Look
    simulate: Simulate
    notes: Notes
    newest: Callable[[dt.date], Mapping[str, dt.date]]
    measured: Callable[[dt.date], Measured]


def lookups(services: Services) -> Lookups:
    """Build what commands may ask of the activity data in this process."""
    return Lookups(
        look=look_in(services.lake, services.records),
        simulate=_one_at_a_time(lambda *asked: simulate(services, *asked)),
        notes=partial(lead_notes, services),
        newest=services.engine.newest,
        measured=lambda day: measured_days(services.lake, services.records, day),
    )


def _one_at_a_time(run: Callable[[SchoolPolicy, dt.date, dt.date], Simulation]) -> Simulate:
    """Each takes all the memory that the engine is given, so a second one has to wait."""
    busy = Lock()

    def asked(draft: SchoolPolicy, first: dt.date, last: dt.date) -> Simulation:
        if not busy.acquire(blocking=False):
            raise NotPossibleNow(
                "A colleague is trying thresholds out just now. Try again in a minute."
            )
        try:
            return run(draft, first, last)
        finally:
            busy.release()

    return asked
