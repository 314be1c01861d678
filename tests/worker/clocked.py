"""An office whose clock is set by the test, with a queue that only records its jobs."""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.rules.calendar import INSTITUTION
from tests.worker.office import Office, office_in

WEDNESDAY = dt.date(2025, 10, 22)


class Jobs:
    """A job queue that only records the jobs."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, int | str]]] = []
        self.looked = threading.Event()

    def enqueue(self, name: str, **ids: int | str) -> None:
        self.asked.append((name, ids))
        self.looked.set()

    def screens(self) -> list[str]:
        return [str(ids["day"]) for name, ids in self.asked if name == "screen"]


@pytest.fixture
def queue() -> Jobs:
    return Jobs()


@pytest.fixture
def office(tmp_path: Path, queue: Jobs) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        made.services = replace(made.services, queue=queue)
        yield made


def at(office: Office, day: dt.date, hour: int, minute: int = 0) -> None:
    """Set the clock to this time in London; of an hour that occurs twice, the first."""
    office.clock.now = dt.datetime.combine(day, dt.time(hour, minute), INSTITUTION).astimezone(
        dt.UTC
    )
