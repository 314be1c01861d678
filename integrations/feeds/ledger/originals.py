"""Keep what a delivery's reader read, encrypted, so that a better reader can read it again.

``original.sealed`` is a Parquet file (record, line, student, text): see ``formats.keeping``.
``student`` is the internal number of the student of a record, so that an erasure finds it.
``statements.bin`` and ``voids.bin`` are digests of a delivery's xAPI statements, and of those that
it voids in whatever delivery of its source.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from integrations.activity.day_files import flush, quoted
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from integrations.feeds.ledger.kept_rows import KEPT_AS, Seal, seal_file, with_students

_DIGEST = 16
_ROWS_AT_ONCE = 20_480
"""Records that are held in memory together: they are long."""


@dataclass(frozen=True, slots=True)
class Original:
    """What was delivered, and how it was read. ``records``: see ``formats.keeping``."""

    file: str = ""
    known_as: str = ""
    format: str = ""
    reading: Mapping[str, str] = field(default_factory=dict)
    made_with: str = ""
    left_out: int = 0
    read_at: dt.datetime | None = None
    """When it was read again; None at the first time."""
    records: Path | None = None
    """A CSV file (record, line, student number, text); None where only rows are kept."""
    plain: str = ""
    """SQL for further records, each with the number of a student on the roster; '' for none."""
    rows: Sequence[int] = ()
    """The record of each row that was made of ``records``, from line 2 on."""
    statements: Sequence[bytes] = ()
    voids: frozenset[bytes] = field(default_factory=frozenset)


def keep_original(
    ledger: Ledger,
    work: ScratchDatabase,
    seal: Seal,
    entry: Entry,
    original: Original,
    judged: str,
    alike: Mapping[str, Sequence[int]],
) -> None:
    """Write the records of a delivery, encrypted, with their students from ``judged``.

    ``alike`` maps an unknown number to the students whose numbers it resembles.
    """
    plain = work.file(".parquet")
    rows = ((line, record) for line, record in enumerate(original.rows, start=2))
    work.table("of_record", {"line": "BIGINT", "record": "BIGINT"}, rows)
    records = (
        f"FROM read_csv('{quoted(original.records or plain)}', header = false, "
        "auto_detect = false, delim = ',', quote = '\"', escape = '\"', max_line_size = 16777216, "
        "columns = {'record': 'BIGINT', 'line': 'BIGINT', 'number': 'VARCHAR', "
        "'text': 'VARCHAR'})"
    )
    if original.plain:
        records += f" UNION ALL ({original.plain})"
    # Of plain statements alone no row is of a record here, and the rows need not be read again.
    made = "SELECT NULL::BIGINT AS record, NULL::BIGINT AS student WHERE false"
    if original.rows:
        made = (
            "SELECT record, min(student) AS student "
            f"FROM ({with_students(work, judged, alike)}) JOIN of_record USING (line) "
            "GROUP BY record"
        )
    work.con.execute(
        "COPY (SELECT records.record, records.line, "
        "coalesce(made.student, named.student) AS student, records.text "
        f"FROM ({records}) AS records LEFT JOIN ({made}) AS made USING (record) "
        "LEFT JOIN students AS named ON named.student_number = records.number) "
        f"TO '{quoted(plain)}' ({KEPT_AS}, ROW_GROUP_SIZE {_ROWS_AT_ONCE})"
    )
    seal_file(seal, plain, ledger.original(entry))
    for path, digests in (
        (_statements(ledger, entry), sorted(original.statements)),
        (_voids(ledger, entry), sorted(original.voids)),
    ):
        if digests:
            path.write_bytes(b"".join(digests))
            flush(path)
        else:
            path.unlink(missing_ok=True)


def texts_of(work: ScratchDatabase, plain: Path) -> tuple[list[int], Iterator[str]]:
    """Return the lines of kept records in the delivered file, and the records, in their order."""
    source = f"read_parquet('{quoted(plain)}')"
    lines = work.con.execute(f"SELECT line FROM {source} ORDER BY record").fetchall()
    return [line for (line,) in lines], _each(work, f"SELECT text FROM {source} ORDER BY record")


def _each(work: ScratchDatabase, query: str) -> Iterator[str]:
    found = work.con.execute(query)
    while rows := found.fetchmany(10_000):
        yield from (text for (text,) in rows)


def forget_original(ledger: Ledger, entry: Entry) -> None:
    """Delete what is kept of a delivery's file. What it voids stays, with its facts."""
    ledger.original(entry).unlink(missing_ok=True)
    _statements(ledger, entry).unlink(missing_ok=True)


def voided_by(entries: Iterable[Entry], ledger: Ledger) -> frozenset[bytes]:
    """Return the digests of all statements that these deliveries void, if they are in use."""
    return frozenset(
        each
        for entry in entries
        if entry.state is State.IN_USE
        for each in _digests(_voids(ledger, entry))
    )


def hit_by(voided: frozenset[bytes], statements: Iterable[bytes]) -> str:
    """Return what stands for the statements among these that are voided; '' for none."""
    found = sorted(voided.intersection(statements)) if voided else []
    return hashlib.sha256(b"".join(found)).hexdigest()[:8] if found else ""


def statements_of(ledger: Ledger, entry: Entry) -> list[bytes]:
    """Return the digests of a delivery's statements; none where they are not kept."""
    return _digests(_statements(ledger, entry))


def _statements(ledger: Ledger, entry: Entry) -> Path:
    return ledger.folder(entry) / "statements.bin"


def _voids(ledger: Ledger, entry: Entry) -> Path:
    return ledger.folder(entry) / "voids.bin"


def _digests(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    whole = path.read_bytes()
    return [whole[start : start + _DIGEST] for start in range(0, len(whole), _DIGEST)]
