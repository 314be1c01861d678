"""The database's disk is full while many days are loaded: all of them are there, or none."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.fault_sentences import fault_sentence
from store.db.database import Database, Failure
from store.db.fault_sentences import FULL
from tests.worker.office import Office
from worker.jobs.schools.ingest import ingest_events

FIRST = dt.date(2025, 9, 22)
DAYS = 28


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [f"1001,FR101,vle,done,{FIRST + dt.timedelta(days=n)}T09:00:00" for n in range(DAYS)]
    made = tmp_path / "vle.csv"
    made.write_text("\n".join(["student_number,module,family,kind,at", *rows]) + "\n")
    return made


def limit(database: Database, pages: int) -> None:
    """The file may grow by so many pages from here on; each connection has to be told."""
    with database.read() as connection:
        most = connection.execute(sa.text("PRAGMA page_count")).scalar_one() + pages

    def tell(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most}")

    sa.event.listen(database.engine, "connect", tell)
    database.close()


@pytest.mark.parametrize("pages", [0, 1, 2, 4])
def test_all_days_are_loaded_or_none(office: Office, file: Path, pages: int) -> None:
    services = office.services
    with services.store.unit_of_work() as work:  # what is free inside the file is used up first
        work.connection.execute(sa.text("CREATE TABLE filling (words TEXT)"))
    _fill(services.store.database)
    limit(services.store.database, pages)
    said = None
    try:
        ingest_events(services, file, "vle")
    except Failure as error:
        said = fault_sentence(error)
    loaded = len(list((services.settings.home / "lake" / "activity" / "vle").glob("*.parquet")))
    assert loaded in (0, DAYS)
    assert said in (None, FULL)
    assert said == FULL or pages > 0
    limit(services.store.database, 1_000)
    report = ingest_events(services, file, "vle")
    assert report.accepted == DAYS


def _fill(database: Database) -> None:
    with database.write() as connection:
        for _ in range(20):
            connection.execute(sa.text("INSERT INTO filling VALUES (:w)"), {"w": 900 * "x"})
