"""What a click asks the database does not grow with the people of a school or its open cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from store.actions.schools.load_roster import load_roster
from tests.people import ROSTER
from tests.worker.office import ENROLLED, Office, office_in

LINES = (
    ("alice", "take LANG-1"),
    ("alice", "show LANG-1"),
    ("bob", "view LANG-1"),
    ("alice", "log LANG-1"),
    ("alice", "pause LANG-1"),
    ("alice", "mine"),
    ("alice", "today"),
    ("alice", "list"),
    ("alice", "queue"),
    ("alice", "feeds"),
    ("alice", "help"),
)


CLICK, PAGE = 25, 15
"""The most statements of a click with its card, and of a page that lists."""
PAGES = frozenset({"mine", "today", "list", "queue", "feeds", "help"})
STILL_OVER = {"show LANG-1": 41, "mine": 36}
"""What still takes more, and how many it takes: a number here may only go down."""


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """The statements that are made meanwhile, those that begin and end a transaction included."""
    made: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        made.append(statement)

    engine = office.services.store.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def statements(folder: Path, *, people: int, cases: int) -> dict[str, int]:
    """How many each line makes, in a school with so many more colleagues and cases."""
    adviser = next(each for each in ENROLLED.staff if each.email.startswith("alice"))
    more = tuple(
        replace(adviser, email=f"more{n}@example.ac.uk", name=f"More {n}", sandbox_user=f"more{n}")
        for n in range(people)
    )
    found: dict[str, int] = {}
    with office_in(folder) as office:
        load_roster(office.services.store, replace(ENROLLED, staff=(*ENROLLED.staff, *more)))
        office.has_approved_mails(cases)
        for who, line in LINES:
            with counted(office) as made:
                office.types(who, line)
            found[line] = len(made)
    return found


def test_no_click_grows_with_people_or_cases(tmp_path: Path) -> None:
    few = statements(tmp_path / "few", people=0, cases=2)
    many = statements(tmp_path / "many", people=25, cases=8)
    assert many == few
    assert ROSTER.staff, "and there are people"


def test_a_click_and_a_page_ask_little(tmp_path: Path) -> None:
    found = statements(tmp_path, people=0, cases=2)
    most = {line: PAGE if line in PAGES else CLICK for line in found}
    assert {line: made for line, made in found.items() if made > most[line]} == STILL_OVER
