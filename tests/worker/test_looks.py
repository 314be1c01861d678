"""Who is worth a look: named to colleagues in the digest's fold, and no more than that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.app import create_app
from integrations.activity.simulation import simulate
from store.policies.document import parse
from store.policies.versions import policy_in_force
from store.queries.flags.looks import count_looks
from store.rules.policies.simulation import describe_simulation
from store.rules.policies.statement import statement
from store.rules.policies.statement_sections import Ways
from store.tables import (
    adjustments,
    audit,
    cases,
    complaints,
    exemptions,
    flags,
    preferences,
    worth_a_look,
)
from tests.bot.visitor import Visitor
from tests.integrations.small_lake import Event, write
from tests.people import MATHEMATICS, MORNING, policy_document
from tests.stores import TOLD
from tests.worker.office import Office, office_in, words
from worker.jobs.flags import screen
from worker.jobs.notices.digests import request_digest

TODAY = MORNING.date()
BEGAN = dt.date(2025, 9, 22)
LOOKS = """
[looks]
first_work = true
late_work = true
[[markers]]
family = "submissions"
sources = ["hand-in"]
"""


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def fill(office: Office, due_in: int = 2, *, without: Collection[int] = ()) -> None:
    """Deliver each day: Dana and Mira were last seen 13 days ago, Eli yesterday."""
    due = ago(-due_in)
    days = [ago(each) for each in range(1, (TODAY - BEGAN).days + 1) if each not in without]
    dana, eli, mira = (office.world.student(each) for each in ("dana", "eli", "mira"))
    seen = [(who, day) for day in days for who in (dana, eli, mira) if who == eli or day <= ago(13)]
    clicks = [Event("moodle", day, who, "FR101", "vle", None, 0, 1) for who, day in seen]
    work = [
        Event("hand-in", due, who, "FR101", "submissions", "Essay 1", 1, 0)
        for who in (dana, eli, mira)
    ]
    if due < TODAY:
        work.append(Event("hand-in", due, eli, "FR101", "submissions", "Essay 1", 0, 1))
    write(
        office.services.lake,
        [*clicks, *work],
        [(s, d) for s in ("moodle", "hand-in") for d in days],
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        made.world.publish(policy_document() + LOOKS, TOLD)
        yield made


def test_a_nudge_reaches_colleagues_and_opens_nothing(office: Office) -> None:
    fill(office)
    done = screen(office.services, TODAY)
    assert [each.looks for each in done] == [2, 0], "FR101's school found Dana and Mira"
    assert not office.world.rows(flags)
    assert not office.world.rows(cases)

    with office.services.store.unit_of_work() as work:
        request_digest(work, office.world.school(), TODAY)
    office.works()
    line = "First work due Fri 24 Oct in French for beginners: 1 not seen for 10 days"
    assert line in office.shown()
    assert line in words(office.types("bob", "today").card)
    assert "Dana" not in office.shown()

    named = words(office.types("sana", "looks").card)
    assert "Dana Dvorak, 1001" in named
    assert "Not seen in French for beginners since Thursday 9 October." in named
    assert "Eli" not in named
    assert "Mira" not in named, "her own school is told"
    assert "Mira Moss, 2001" in words(office.types("max", "looks").card)
    assert "Dana" not in words(office.types("bob", "looks").card), "he may not look students up"
    read = [row for row in office.world.rows(audit) if "worth-a-look" in str(row["details"])]
    assert [row["subject"] for row in read] == [
        f"student:{office.world.student(each)}" for each in ("dana", "mira")
    ]

    page = Visitor(create_app(office.services))
    page.post("/me/local", {"number": "1001"})
    assert (
        "We have not seen you in French for beginners since Thursday 9 October"
        in page.get("/me").text
    )
    with office.services.store.database.read() as connection:
        policy = policy_in_force(connection, office.world.school(), TODAY)
    assert policy is not None
    said = str(statement(policy.policy, "Languages", 1, Ways()))
    assert "we look at who has not been seen there for 10 days" in said

    screen(office.services, ago(-4))
    assert not office.world.rows(worth_a_look), "those of the newest screening alone are kept"


def test_late_work_and_silence_are_worth_a_look_as_well(office: Office) -> None:
    fill(office, -4)
    screen(office.services, TODAY)
    named = words(office.types("alice", "looks").card)
    assert "Dana Dvorak" in named
    assert "nothing has arrived. Not seen in" in named
    assert "Work late in French for beginners: 1 not seen for 5 days" in words(
        office.types("alice", "today").card
    )


def test_a_simulation_says_how_many_would_be_worth_a_look(office: Office) -> None:
    fill(office)
    draft = parse(policy_document() + LOOKS, "lang.toml")
    found = simulate(office.services, draft, ago(3), TODAY)
    assert "Worth a look, without a flag: 2 students, at most 2 on a day." in describe_simulation(
        found
    )


def test_days_that_were_not_measured_make_no_one_unseen(office: Office) -> None:
    fill(office, without=(5, 6, 7, 8, 9))
    assert [each.looks for each in screen(office.services, TODAY)] == [0, 0]


def test_a_version_without_the_table_names_no_one(office: Office) -> None:
    office.world.publish(policy_document() + LOOKS[LOOKS.index("[[") :], TOLD)
    fill(office)
    assert [each.looks for each in screen(office.services, TODAY)] == [0, 0]


def test_who_is_to_be_let_alone_or_is_cared_for_is_not_counted(office: Office) -> None:
    fill(office)
    screen(office.services, TODAY)
    dana, school = office.world.student("dana"), office.world.school()
    mine = {"student_id": dana, "school_id": school, "at": MORNING}
    later = {"first": ago(-1), "last": ago(-9)}
    case = {
        "student_id": dana,
        "school_id": school,
        "reference": "LANG-9",
        "version": 1,
        "opened_on": TODAY,
        "opened_at": MORNING,
        "changed_at": MORNING,
        "weeks": [],
        "weeks_until": TODAY,
    }
    sealed = {"summary": "", "evidence": "", "evidence_hash": ""}
    complaint = {"case_id": 1, "recorded_by": 1, "informal_by": TODAY, "at": MORNING, **sealed}
    absent = {**mine, **later, "kind": "approved-absence", "reason": "", "by_staff_id": 1}
    for given in (
        [(exemptions, absent | {"first": TODAY})],
        [(exemptions, absent)],
        [(adjustments, {**mine, **later, "family": "submissions", "reason": "", "by_staff_id": 1})],
        [(preferences, {"student_id": dana, "opted_out_at": MORNING})],
        [(cases, case | {"status": "open"})],
        [(cases, case | {"status": "closed"}), (complaints, complaint)],
    ):
        with suppress(_UndoneError), office.services.store.unit_of_work() as work:
            assert _counted(work.connection, school) == 1
            for table, values in given:
                work.connection.execute(sa.insert(table).values(**values))
            assert _counted(work.connection, school) == 0, given
            assert _counted(work.connection, office.world.school(MATHEMATICS)) == 1
            raise _UndoneError


class _UndoneError(Exception):
    """Takes back what was written."""


def _counted(connection: sa.Connection, school: int) -> int:
    return sum(each.students for each in count_looks(connection, [school], TODAY))
