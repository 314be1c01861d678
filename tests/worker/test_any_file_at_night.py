"""The nightly folder accepts every format that ``lantern ingest FILE`` does, and lists other
files."""

from __future__ import annotations

import gzip
from pathlib import Path

import structlog

from integrations.bootstrap import build
from integrations.feeds.ledger.deliveries import Ledger
from integrations.settings import load_settings
from tests.worker.test_ingest_formats import MOODLE, home, lantern
from worker.jobs.schools.ingest import ingest_new_files

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


def test_a_file_of_any_format_says_its_days_on_the_command_line(home: Path) -> None:
    file = home / "log.csv"
    file.write_bytes(REPORT)
    said = ("--dates", "day-first", "--module", "M1", "--from", "2026-09-28", "--to", "2026-10-25")
    done = lantern(home, "ingest", str(file), "--source", "moodle", *said)
    assert done.returncode == 0, done.stderr
    listed = lantern(home, "feeds").stdout
    assert "covers 2026-09-28 to 2026-10-25" in listed
    assert "moodle: 1 delivery, complete to Sunday 25 October" in listed
