"""The nightly folder accepts every format that ``lantern ingest FILE`` does, and lists other
files."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from integrations.bootstrap import build
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.loading import LoadReport
from integrations.settings import load_settings
from store.queries.schools.feeds import refused_rows
from store.tables import ingests
from tests.worker.test_ingest_formats import MOODLE, home, lantern
from worker.jobs.schools import ingest
from worker.jobs.schools.ingest import ingest_events, ingest_new_files

__all__ = ["home"]

REPORT = MOODLE.encode()
PLAIN = (
    "student_number,module,family,kind,at\n"
    "26001000,M1,vle,done,2026-10-13T09:00:00\n26001001,M1,vle,done,2026-10-14T09:00:00\n"
)


def test_every_file_is_loaded_or_listed_with_why(home: Path) -> None:
    feeds = home / "feeds"
    files = {
        "moodle/log.csv": REPORT,
        "moodle2/log.txt": REPORT,
        "moodle3/log.csv.gz": gzip.compress(REPORT),
        "plain/events.csv": PLAIN.encode(),
        "plain2/events.tsv": PLAIN.replace(",", "\t").encode(),
        "odd/notes.txt": b"hello\nthere\n",
        "odd/letter.pdf": b"%PDF-1.7",
        "odd/empty.json": b"",
        "odd/~$log.xlsx": b"Alice Example",
        "Moodle/log.csv": REPORT,
    }
    for name, content in files.items():
        (feeds / name).parent.mkdir(parents=True, exist_ok=True)
        (feeds / name).write_bytes(content)
    for source in ("moodle", "moodle2", "moodle3"):
        (feeds / source / "feed.toml").write_text('dates = "day-first"\nmodule = "M1"\n')
    structlog.reset_defaults()  # The command line configured the log to an output that is closed.
    services = build(load_settings(home=home))
    try:
        ingest_new_files(services)
        first = [(each.source, each.accepted > 0) for each in Ledger(services.lake).entries()]
        assert sorted(first) == [
            (name, True) for name in ("moodle", "moodle2", "moodle3", "plain", "plain2")
        ]
        ingest_new_files(services)
        assert len(Ledger(services.lake).entries()) == len(first), "the same content is read once"
    finally:
        services.close()
    listed = lantern(home, "feeds").stdout
    for name in ("notes.txt", "letter.pdf", "empty.json"):
        assert name in listed
    assert "~$log.xlsx looks like a file that is still being written" in listed
    assert "the folder Moodle, which cannot be the name of a source" in listed
    for name in ("log.csv", "log.txt", "events.tsv"):
        assert f"Not loaded: {name}" not in listed


def test_copies_of_a_file_are_read_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is listed with the rows of the first, also beside another file, and the log says how far
    a long folder is."""
    folder = home / "feeds" / "plain"
    folder.mkdir(parents=True)
    bad = PLAIN + PLAIN.splitlines()[1].replace("2600", "nobody", 1) + "\n"
    for name in ("a", "c", "d", "e"):
        (folder / f"{name}.csv").write_text(bad)
    (folder / "b.csv").write_text(PLAIN)
    read: list[str] = []

    def counted(*given: Any, **more: Any) -> LoadReport:
        read.append(given[1].name)
        return ingest_events(*given, **more)

    monkeypatch.setattr(ingest, "ingest_events", counted)
    monkeypatch.setattr(ingest, "SAID_EVERY", 0)
    structlog.reset_defaults()
    services = build(load_settings(home=home))
    try:
        with structlog.testing.capture_logs() as said:
            ingest_new_files(services)
        assert read == ["a.csv", "b.csv"]
        assert said[-1] == {
            "event": "loading the feeds folder", "log_level": "info", "done": 4, "files": 5,
        }  # fmt: skip
        with services.store.database.read() as connection:
            results = connection.execute(
                sa.select(ingests.c.file, ingests.c.accepted, ingests.c.rejected)
                .where(ingests.c.source == "plain")
                .order_by(ingests.c.id)
            ).all()
            left_out = refused_rows(connection, "plain")
        assert [each.file for each in results] == [f"{name}.csv" for name in "abcde"]
        assert {each[1:] for each in results if each.file != "b.csv"} == {tuple(results[0][1:])}
        assert [each[0] for each in left_out] == ["e.csv"]
        ingest_new_files(services)
        assert read == ["a.csv", "b.csv"], "and none on the next night"
    finally:
        services.close()


def test_a_file_of_any_format_says_its_days_on_the_command_line(home: Path) -> None:
    file = home / "log.csv"
    file.write_bytes(REPORT)
    said = ("--dates", "day-first", "--module", "M1", "--from", "2026-09-28", "--to", "2026-10-25")
    done = lantern(home, "ingest", str(file), "--source", "moodle", *said)
    assert done.returncode == 0, done.stderr
    listed = lantern(home, "feeds").stdout
    assert "covers 2026-09-28 to 2026-10-25" in listed
    assert "moodle: 1 delivery, complete to Sunday 25 October" in listed
