"""A kept delivery is read again when its reader has changed, or another one voids a part of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
import structlog

from integrations.bootstrap import Services, build
from integrations.feeds.formats.model import Declared
from integrations.feeds.ledger import changes
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.ledger.kept_rows import open_kept_rows
from integrations.feeds.ledger.privacy import delivered_rows, forget_rows, forget_student
from integrations.settings import load_settings
from store.policies.document import default_document
from store.policies.versions import publish
from store.rules.model import FlagState, MarkerFamily
from store.rules.policies.policy import Marker
from store.tables import flags, students
from tests.stores import FakeClock
from tests.worker.test_ingest_formats import lantern
from worker.jobs.flags import screen
from worker.jobs.schools.ingest import ingest_new_files, ingest_roster
from worker.jobs.schools.ingest_formats import ingest_file
from worker.jobs.schools.kept_files import read_changed, read_delivery_again

TERM = dt.date(2026, 9, 28)
NIGHT = dt.date(2026, 10, 27)
PEOPLE = [f"2600{n}" for n in range(10, 22)]
ADA, BEA, CAL = PEOPLE[:3]
MAPPING = """confirmed = true
layout = "long"
family = "attendance"
people = "number"
dates = "day-first"

[columns]
person = "Student ID"
module = "Module"
item = "Event"
date = "Date"
mark = "Mark"

[marks]
"/" = "present"
"O" = "absent"
"""


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Give a school of 12 students on one module, which takes a register as attendance."""
    structlog.reset_defaults()
    clock = FakeClock()
    clock.now = dt.datetime.combine(NIGHT, dt.time(5), dt.UTC)
    made = build(load_settings(home=tmp_path / "home"), now=clock)
    roster = tmp_path / "roster"
    roster.mkdir()
    for name, text in {
        "schools": "code,name\nSCI,Science\n",
        "modules": "code,title,school\nM1,Invented,SCI\n",
        "students": "number,given_name,family_name,level,programme,home_school,university_email\n"
        + "".join(f"{n},Ada,Example,undergraduate,BSc,SCI,u{n}@uni.example\n" for n in PEOPLE),
        "enrolments": "number,module,starts\n" + "".join(f"{n},M1,{TERM}\n" for n in PEOPLE),
    }.items():
        (roster / f"{name}.csv").write_text(text)
    ingest_roster(made, roster)
    markers = [Marker(MarkerFamily.ATTENDANCE, ("register",))]
    publish(made.store, default_document("SCI", "s@uni.example", TERM, markers), "s", actor="cli")
    yield made
    made.close()


def _register(services: Services) -> None:
    """Deliver four weeks of classes: Bea's later marks are Q, and Cal was absent from then on."""
    rows = ["Student ID;Name;Telephone;Module;Event;Date;Mark;Remark"]
    for day in (TERM + dt.timedelta(days=n) for n in range((NIGHT - TERM).days)):
        if day.weekday() > 4:
            continue
        for number in PEOPLE:
            late = day >= TERM + dt.timedelta(days=11)
            mark = {BEA: "Q", CAL: "O"}.get(number, "/") if late else "/"
            at = f"{day:%d/%m/%Y}"
            rows.append(f"{number};Ada Example;020 7946 0000;M1;E{day};{at};{mark};feels unwell")
    folder = services.settings.home / "feeds" / "register"
    folder.mkdir(parents=True)
    (folder / "marks.csv").write_text("\n".join(rows))
    _means(services, "")


def _means(services: Services, more: str) -> None:
    folder = services.settings.home / "mappings"
    folder.mkdir(exist_ok=True)
    (folder / "register.toml").write_text(MAPPING + more)


def _night(services: Services) -> set[str]:
    """Do what the night does with deliveries; return the numbers of flagged students."""
    ingest_new_files(services)
    read_changed(services)
    screen(services, NIGHT)
    with services.store.database.read() as connection:
        query = sa.select(students.c.number).where(
            students.c.id == flags.c.student_id, flags.c.state != FlagState.WITHDRAWN
        )
        return set(connection.execute(query).scalars())


def _done(services: Services, number: str) -> int:
    with services.store.database.read() as connection:
        student = connection.execute(
            sa.select(students.c.id).where(students.c.number == number)
        ).scalar_one()
    files = [str(each) for each in services.lake.root.rglob("activity/*/*.parquet")]
    if not files:
        return 0
    query = "SELECT coalesce(sum(done), 0) FROM read_parquet($files) WHERE student = $student"
    return int(duckdb.execute(query, {"files": files, "student": student}).fetchall()[0][0])


def _kept(services: Services, number: int = 1) -> str:
    ledger = Ledger(services.lake)
    (entry,) = [each for each in ledger.entries() if each.number == number]
    with (
        services.lake.workspace() as work,
        open_kept_rows(work, services.store.seal, ledger.original(entry)) as plain,
    ):
        return str(duckdb.read_parquet(str(plain)).fetchall())


def test_a_mark_that_its_reader_learns_later_counts_from_the_next_night(services: Services) -> None:
    _register(services)
    assert _night(services) == {CAL}, "what is not understood is unknown, not absent"
    before = _done(services, BEA)

    _means(services, '"Q" = "present"\n')
    assert _night(services) == {CAL}
    assert _done(services, BEA) > before
    assert _done(services, BEA) == _done(services, ADA)
    (entry,) = Ledger(services.lake).entries()
    assert (entry.left_out, entry.read_again) == (0, services.now())
    assert "read again on 2026-10-27" in lantern(services.settings.home, "feeds").stdout

    # Equal content and an equal reader are not read again.
    services.now.forward(hours=1)  # type: ignore[attr-defined]
    read_changed(services)
    assert Ledger(services.lake).entries() == [entry]
    assert "accepted" not in lantern(services.settings.home, "feeds", "again", "1").stderr
    assert Ledger(services.lake).entries()[0].read_again != entry.read_again

    _means(services, '"Q" = "absent"\n')
    assert _night(services) == {BEA, CAL}, "a true flag is found all the same"


def test_only_what_the_reader_uses_is_kept_and_erasure_and_access_reach_it(
    services: Services,
) -> None:
    _register(services)
    _night(services)
    kept = _kept(services)
    assert BEA in kept
    for private in ("7946", "Example", "unwell", "Name", "Remark"):
        assert private not in kept
    ledger, seal = Ledger(services.lake), services.store.seal
    with services.store.database.read() as connection:
        student = connection.execute(
            sa.select(students.c.id).where(students.c.number == BEA)
        ).scalar_one()
    theirs = list(delivered_rows(ledger, seal, student))
    assert len(theirs) == 21
    assert all(BEA in each.row and each.source == "register" for each in theirs)
    assert ADA not in str(theirs)

    assert forget_student(ledger, seal, student) == 1
    assert BEA not in _kept(services)
    assert list(delivered_rows(ledger, seal, student)) == []
    read_delivery_again(services, 1)
    assert _done(services, BEA) == 0
    assert _done(services, ADA) == 21

    assert forget_rows(ledger, services.now() + dt.timedelta(days=61)) == 1
    (entry,) = ledger.entries()
    assert not entry.original_kept
    assert not ledger.original(entry).exists()
    assert _done(services, ADA) == 21, "the facts stay"


def _statement(nth: int, verb: str = "viewed", **more: object) -> dict[str, object]:
    return {
        "id": f"00000000-0000-4000-8000-{nth:012}",
        "actor": {"mbox": f"mailto:u{BEA}@uni.example", "name": "Bea Example"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": "http://vle.example/page", "definition": {"name": {"en": "My illness"}}},
        "timestamp": "2026-10-20T10:00:00Z",
        **more,
    }


def test_a_statement_is_voided_by_another_file_in_any_order(
    services: Services, tmp_path: Path
) -> None:
    files = {
        "first": [_statement(1), _statement(2)],
        "voids": [
            _statement(9, "voided", object={"id": _statement(1)["id"]}),
            _statement(3, timestamp="2026-10-21T10:00:00Z"),
        ],
        "other": [_statement(4, timestamp="2026-10-22T10:00:00Z")],
    }
    for name, said in files.items():
        (tmp_path / f"{name}.ndjson").write_text("".join(f"{json.dumps(s)}\n" for s in said))
    for nth, order in enumerate(permutations(files)):
        for name in order:
            services.now.forward(minutes=1)  # type: ignore[attr-defined]
            file = tmp_path / f"{name}.ndjson"
            ingest_file(services, file, f"vle{nth}", Declared(module="M1"))
        ledger = Ledger(services.lake)
        entries = {each.file: each for each in ledger.entries(f"vle{nth}")}
        assert _done(services, BEA) == 3, order
        assert "illness" not in _kept(services, entries["first.ndjson"].number)
        changes.withdraw(ledger, entries["voids.ndjson"].number)
        read_changed(services, f"vle{nth}")
        assert _done(services, BEA) == 3, "one more, and one that the withdrawn file had"
        for entry in entries.values():
            if entry.file != "voids.ndjson":
                changes.withdraw(ledger, entry.number)
