"""The database's disk fills up while many days are loaded: either all are stored, or none."""

from __future__ import annotations

import datetime as dt
import sqlite3
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from integrations.fault_sentences import fault_sentence
from store.db.database import Failure
from store.db.fault_sentences import FULL
from tests.worker.office import Office
from worker.jobs.schools.ingest import ingest_events

FIRST = dt.date(2025, 9, 22)
DAYS = 28
WRITES = ("INSERT", "UPDATE", "DELETE")


class FullAt:
    """Simulates a full disk from the n-th write on."""

    def __init__(self, number: int) -> None:
        self.left, self.has_struck = number, False

    def __call__(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(WRITES):
            return
        self.left -= 1
        if self.left <= 0:
            self.has_struck = True
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorname = "SQLITE_FULL"
            raise sa.exc.OperationalError("INSERT", {}, full)


def test_all_days_are_loaded_or_none(office: Office, tmp_path: Path) -> None:
    """The disk is full at each write in turn, until all succeed; then the load is repeated."""
    services, struck, said = office.services, 0, set[str | None]()
    engine = services.store.database.engine
    rows = [f"1001,FR101,vle,done,{FIRST + dt.timedelta(days=n)}T09:00:00" for n in range(DAYS)]
    file = tmp_path / "vle.csv"
    file.write_text("\n".join(["student_number,module,family,kind,at", *rows]) + "\n")
    for number in count(1):
        source, full = f"vle-{number}", FullAt(number)
        lake = services.settings.home / "lake" / "activity" / source
        sa.event.listen(engine, "before_cursor_execute", full)
        try:
            ingest_events(services, file, source)
        except Failure as error:
            said.add(fault_sentence(error))
        finally:
            sa.event.remove(engine, "before_cursor_execute", full)
        assert len(list(lake.glob("*.parquet"))) in {0, DAYS}
        struck += full.has_struck
        assert ingest_events(services, file, source).accepted == DAYS
        assert len(list(lake.glob("*.parquet"))) == DAYS
        if not full.has_struck:
            break
    assert struck > 0
    assert said <= {FULL}
