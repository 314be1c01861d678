"""Loading a delivered file against a floor that does the same duty, in processor seconds.

The floor hashes, compresses and encrypts the bytes by the libraries' own calls, and makes the facts
by hand-written SQL in DuckDB. Both sides run in turn; a figure is the median of the pairs' ratios.
Of a file with a bad line the floor is Lantern, on the same file without it.
"""

from __future__ import annotations

import csv
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
from cryptography.fernet import Fernet

from integrations.activity.lake import Lake
from integrations.bootstrap import Services, build
from integrations.feeds.events_csv import load_events
from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.matching.known_roster import KnownRoster
from integrations.feeds.formats.matching.loading import read_events
from integrations.feeds.formats.matching.modules import known_modules
from integrations.feeds.formats.matching.people import known_people
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.plain.statements import find_plain
from integrations.feeds.formats.readers import xapi
from integrations.feeds.loading import Terms, sha256_of
from integrations.settings import Settings
from store.encryption import Encryption
from tests.bench.feed_files import MODULES, SOURCE, Deliveries
from tests.bench.runner import BenchError, peak_mb
from worker.jobs.schools.kept_files import ReadFile, original_of

_PIECE = 1 << 20

_CSV_FACTS = """
SELECT CAST("at" AS DATE) AS day, student, module, family, item, 0 AS expected,
    CASE WHEN item IS NULL THEN count(*) ELSE 1 END AS done
FROM read_csv('{path}', header = true, columns = {{'student_number': 'VARCHAR',
    'module': 'VARCHAR', 'family': 'VARCHAR', 'kind': 'VARCHAR', 'at': 'TIMESTAMP',
    'item': 'VARCHAR'}})
JOIN students USING (student_number) WHERE kind = 'done'
GROUP BY day, student, module, family, item ORDER BY ALL
"""
_XAPI_FACTS = f"""
SELECT CAST(timestamp AS DATE) AS day, student, module, family, NULL AS item, 0 AS expected,
    count(*) AS done
FROM (
    SELECT timestamp, actor.account.name AS student_number,
        context.extensions."{xapi.JISC}courseArea"."{xapi.JISC}uddModInstanceID" AS module,
        CASE WHEN verb.id LIKE '%/played' THEN 'recordings' ELSE 'vle' END AS family
    FROM read_json('{{path}}', format = 'newline_delimited', columns = {{{{
        'id': 'VARCHAR', 'timestamp': 'TIMESTAMP', 'verb': 'STRUCT(id VARCHAR)',
        'actor': 'STRUCT(account STRUCT(name VARCHAR, "homePage" VARCHAR))',
        'object': 'STRUCT(id VARCHAR)',
        'context': 'STRUCT(extensions STRUCT("{xapi.JISC}courseArea" STRUCT('
            '"{xapi.JISC}uddModInstanceID" VARCHAR)))'}}}})
)
JOIN students USING (student_number)
GROUP BY ALL ORDER BY ALL
"""

Side = Callable[[Deliveries, Path], None]
"""Loads a file into an empty folder."""


def csv_floor(name: str, *, many_days: bool = False) -> Side:
    """Return the floor of a CSV file; of ``many_days`` it writes a file for each."""
    parts = ", PARTITION_BY (day)" if many_days else ""
    return lambda files, out: _floor(files, files.file(name), _CSV_FACTS, out, parts)


def xapi_floor(files: Deliveries, out: Path) -> None:
    """Load the statements by hand."""
    _floor(files, files.file("day.ndjson"), _XAPI_FACTS, out)


def _floor(files: Deliveries, path: Path, facts: str, out: Path, parts: str = "") -> None:
    _seal_by_hand(path, out / "sealed")
    listed = out / "students.csv"
    with listed.open("w", encoding="utf-8", newline="") as rows:
        csv.writer(rows).writerows(files.students)
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE students AS FROM read_csv('{listed}', header = false, "
            "columns = {'student_number': 'VARCHAR', 'student': 'BIGINT'})"
        )
        con.execute(
            f"COPY ({facts.format(path=path)}) TO '{out / 'days'}' "
            f"(FORMAT parquet, COMPRESSION zstd{parts})"
        )


def _seal_by_hand(path: Path, out: Path) -> None:
    """Hash, compress and encrypt a file, piece by piece."""
    digest, packed, key = hashlib.sha256(), zlib.compressobj(1), Fernet(Fernet.generate_key())
    with path.open("rb") as file, out.open("wb") as sealed:
        while piece := file.read(8 * _PIECE):
            digest.update(piece)
            if small := packed.compress(piece):
                sealed.write(key.encrypt(small) + b"\n")
        sealed.write(key.encrypt(packed.flush()) + b"\n")


def load_csv(name: str) -> Side:
    """Return Lantern's way to load a CSV file of the event feed."""
    return lambda files, out: _load(files, files.file(name), out, Terms(seal=_seal()))


def load_xapi(files: Deliveries, out: Path) -> None:
    """Load the statements as ``ingest_file`` does, with a roster that is in memory."""
    opened, path, said = open_file(files.file("day.ndjson"), out), out / "rows.csv", Declared()
    sha256 = sha256_of(opened.path)
    people = known_people([number for number, _ in files.students], {}, [], [], ["uni.example"])
    roster = KnownRoster(people, known_modules(MODULES, []), {})
    plain = find_plain(opened, xapi.FORMAT, said, people, roster.modules, out)
    with path.open("w", encoding="utf-8", newline="") as rows:
        summary = read_events(opened, xapi.FORMAT, said, roster, rows, plain=plain)
    read = ReadFile(opened, xapi.FORMAT, said, roster, summary)
    original = original_of(_services(files.root / "home"), read, out)
    _load(files, path, out, Terms(seal=_seal(), sha256=sha256, original=original))


@cache
def _services(home: Path) -> Services:
    return build(Settings(LANTERN_HOME=home, DATABASE_URL="", REDIS_URL=""))


def _load(files: Deliveries, path: Path, out: Path, terms: Terms) -> None:
    loaded = load_events(Lake(out / "lake"), path, SOURCE, files.students, MODULES, terms=terms)
    if loaded.waiting or loaded.rejected_total > 1:
        raise BenchError(f"{path.name} was not loaded: {loaded.waiting or loaded.rejected[:1]}")


def _seal() -> Encryption:
    return Encryption(Fernet.generate_key().decode())


@dataclass(frozen=True, slots=True)
class Feed:
    """Lantern's way, the floor, and the ratio that may not be exceeded."""

    ours: Side
    floor: Side
    at_most: float


FEEDS = {
    "csv_day": Feed(load_csv("day.csv"), csv_floor("day.csv"), 1.5),
    "xapi_day": Feed(load_xapi, xapi_floor, 1.5),
    "bad_byte": Feed(load_csv("bad_byte.csv"), load_csv("day.csv"), 1.5),
    "open_quote": Feed(load_csv("open_quote.csv"), load_csv("day.csv"), 1.5),
}
LARGE = {"history": Feed(load_csv("history.csv"), csv_floor("history.csv", many_days=True), 1.3)}
"""Only with ``--large``: a file of many days."""


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """Medians in processor seconds; ``least`` and ``most`` are those of the pairs' ratios.

    ``peak_mb`` is how much Lantern's resident memory grew while it loaded the file once.
    """

    seconds: float
    floor_seconds: float
    ratio: float
    least: float
    most: float
    peak_mb: float


def measure(name: str, files: Deliveries, runs: int) -> FeedFigures:
    """Run both sides in turn in a process of its own, then Lantern's alone for its memory."""
    pairs = json.loads(_in_process(name, files, runs))
    peak = float(_in_process(name, files, 0))
    ours, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratios = [one / other for one, other in pairs]
    return FeedFigures(ours, floor, statistics.median(ratios), min(ratios), max(ratios), peak)


def _in_process(name: str, files: Deliveries, runs: int) -> str:
    command = [sys.executable, "-m", __name__, name, str(files.root), str(files.rows), str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"{name} failed:\n{done.stderr}")
    return done.stdout


def main(name: str, root: str, rows: str, runs: str) -> None:
    """Print the pairs of times as JSON; with no runs, the peak memory of Lantern's side."""
    feed, files = (FEEDS | LARGE)[name], Deliveries(Path(root), int(rows))
    if not int(runs):
        before = peak_mb()
        _timed(feed.ours, files)
        print(peak_mb() - before)
        return
    if name not in LARGE:
        _timed(feed.ours, files)  # The first round only compiles and fills the disk's cache.
    print(
        json.dumps(
            [(_timed(feed.ours, files), _timed(feed.floor, files)) for _ in range(int(runs))]
        )
    )


def _timed(side: Side, files: Deliveries) -> float:
    with tempfile.TemporaryDirectory(dir=files.root) as folder:
        before = _spent()
        side(files, Path(folder))
        return _spent() - before


def _spent() -> float:
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + of_children.ru_utime + of_children.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
