"""A term of bad days from its first morning to the final check."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr
from pathlib import Path
from unittest.mock import patch

from tests.chaos.bad_day import BadDays, Term
from tests.chaos.bad_services import disk_full_at_times
from tests.chaos.reckoning import Reckoning, reckon
from tests.people import MORNING
from worker.jobs.notices import deliver
from worker.logs import configure_logs


@contextmanager
def bad_days(term: Term, home: Path, database_url: str = "") -> Iterator[BadDays]:
    """Make a campus before its term, on an empty database; '' is SQLite in ``home``."""
    with ExitStack() as stack:
        days = BadDays(term, home, database_url)
        stack.callback(days.close)
        stack.enter_context(disk_full_at_times(days.bad))
        # One school after the other: threads that each move the clock would not be repeatable.
        stack.enter_context(patch.object(deliver, "each", _in_turn))
        yield days


def _in_turn(names: Sequence[int], do: Callable[[int], None]) -> None:
    for name in names:
        do(name)


def live(term: Term, home: Path, database_url: str = "") -> Reckoning:
    """Simulate the term and check the results. The log goes to ``home / "log"``."""
    began, worked = time.monotonic(), time.process_time()
    log_file = home / "log"
    with log_file.open("w") as said, redirect_stderr(said):
        configure_logs()
        with bad_days(term, home, database_url) as days:
            for day in school_days(term.days):
                days.day(day)
            days.repair()
            found = reckon(days.services.store, days.students, days.slack)
            found.happened = days.bad.happened
            found.unexplained = [each.line() for each in days.told_nothing]
    found.reads_log(log_file.read_text())
    found.seconds = time.monotonic() - began
    found.worked = time.process_time() - worked
    return found


def school_days(number: int) -> list[dt.date]:
    """Return this number of school days, from the invented world's morning on."""
    days, day = list[dt.date](), MORNING.date()
    while len(days) < number:
        days += [day] * (day.weekday() < 5)
        day += dt.timedelta(days=1)
    return days
