"""A case whose emails were all unanswered, on the day of the last step of contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import policy_document
from tests.worker.office import Office, office_in

TODAY = dt.date(2025, 12, 3)
"""Six weeks after the office's first morning; a Wednesday."""
LADDER = """
[[ladder]]
rung = "digital-traces"
wait_days = 1
"""


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make Dana's case with two unanswered emails, and a complete feed without activity of hers."""
    return unanswered_in(tmp_path_factory.mktemp("unanswered") / "home", LADDER)


def unanswered_in(home: Path, ladder: str) -> Path:
    """Make the same case with another contact ladder."""
    with office_in(home) as made:
        made.world.publish(policy_document() + ladder)
        case = made.world.open_case()
        made.world.both_emails_unanswered(case)
        deliver(made, dt.date(2025, 10, 1), TODAY - dt.timedelta(days=1))
    return home


@pytest.fixture
def office(unanswered: Path, tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home", begun=unanswered) as made:
        made.clock.now = dt.datetime.combine(TODAY, dt.time(9, 30), dt.UTC)
        yield made


def deliver(office: Office, first: dt.date, last: dt.date, seen: dt.date | None = None) -> None:
    """Load moodle's files of these days; Dana is in them on ``seen``, and Eli on every day."""
    lake, world = office.services.lake, office.world
    dana, eli = world.student("dana"), world.student("eli")
    with lake.workspace() as work:
        for offset in range((last - first).days + 1):
            day = first + dt.timedelta(days=offset)
            who = [eli] + ([dana] if day == seen else [])
            rows = " UNION ALL ".join(
                f"SELECT {each}::BIGINT AS student, 'FR101' AS module, 'vle' AS family, "
                "NULL::VARCHAR AS item, 0::BIGINT AS expected, 1::BIGINT AS done"
                for each in who
            )
            lake.replace_day(work, "moodle", day, rows)


def said(reply: object) -> str:
    return repr(reply)


def looks_at_traces(office: Office) -> None:
    assert "nothing seen" in said(office.types("alice", "traces LANG-1 nobody can reach her"))
    office.clock.forward(days=2)
    day = office.world.today
    deliver(office, TODAY, day - dt.timedelta(days=1))
