"""Read invented files of a format, joined with an invented roster."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.matching import loading
from integrations.feeds.formats.matching.known_roster import KnownRoster
from integrations.feeds.formats.matching.modules import Modules
from integrations.feeds.formats.matching.people import known_people
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.model import Declared, Format
from integrations.feeds.formats.registry import recognise
from integrations.feeds.formats.times import declared_dates, declared_zone

NUMBERS = ("26001000", "26001001")
MAP = """number,system,value
26001000,moodle,4100
26001001,moodle,4101
26001000,username,u1000
26001001,username,u1001
26001000,canvas,21070000000004100
26001000,https://lrs.example/,ada
"""


def roster(*modules: str) -> KnownRoster:
    """Return two students with invented addresses, on these modules since September 2026."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "identifiers.csv"
        path.write_text(MAP)
        people = known_people(
            NUMBERS,
            {f"u{number[4:]}@student.uni.example": number for number in NUMBERS},
            ["staff@uni.example"],
            [path],
            ["student.uni.example", "uni.example"],
        )
    since = dt.date(2026, 9, 1)
    enrolled: dict[str, list[tuple[str, dt.date, dt.date | None]]] = {
        number: [(module, since, None) for module in modules] for number in NUMBERS
    }
    return KnownRoster(people, Modules({"m1": "M1", "m2": "M2"}), enrolled)


def declared(reader: Format) -> Declared:
    """Return the options that the format's example declares."""
    options = reader.example_options
    return Declared(
        dates=declared_dates(options["dates"]) if "dates" in options else None,
        zone=declared_zone(options.get("zone", "Europe/London")),
        module=options.get("module", ""),
    )


def write(path: Path, content: str | bytes) -> Path:
    """Write a file, or the files of a folder: each below a line ``== name``."""
    raw = content.encode() if isinstance(content, str) else content
    if not raw.startswith(b"== "):
        path.write_bytes(raw)
        return path
    path.mkdir(exist_ok=True)
    for number, part in enumerate(raw.removeprefix(b"== ").split(b"\n== ")):
        name, _, rows = part.partition(b"\n")
        safe = name.decode("ascii", "replace")
        (
            path / (safe if safe.isidentifier() or safe[:-4].isalpha() else f"{number}.csv")
        ).write_bytes(rows)
    return path


def read(
    folder: Path, name: str, content: str | bytes, said: Declared | None = None, *modules: str
) -> tuple[Summary, list[dict[str, str]]]:
    """Read a file; return the summary, and the rows of the event feed."""
    path = write(folder / name, content)
    out = io.StringIO(newline="")
    with tempfile.TemporaryDirectory() as scratch:
        opened = open_file(path, Path(scratch), said.sheet if said else "")
        reader = recognise(opened)
        summary = loading.read_events(
            opened, reader, said or Declared(), roster(*(modules or ("M1",))), out
        )
    rows = csv.DictReader(io.StringIO(out.getvalue()))
    return summary, [row for at, row in enumerate(rows, 2) if at not in summary.handed_on]
