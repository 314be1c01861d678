"""Keep the rows of a delivery as they came, encrypted, to derive its facts again later.

Only the columns that the reader declares are kept: passwords, telephone numbers, protected
characteristics and anything else in a file never reach the disk. ``student`` is the internal number
of the student that a row is about, so that an erasure finds it.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from integrations.activity.day_files import flush, quoted
from integrations.activity.errors import cannot_write
from integrations.activity.scratch_database import ScratchDatabase


class Seal(Protocol):
    """Encrypts and decrypts bytes, such as ``store.encryption.Encryption``."""

    def close_bytes(self, content: bytes) -> bytes:
        """Return the content encrypted, so that only Lantern's key opens it."""

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt bytes. Raises where the key does not fit."""


PIECE = 1 << 20
"""Bytes that are encrypted at a time."""

KEPT_AS = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1000"
"""Lists of few words are worth their time; those of all times of a day, or all numbers, are not."""


def keep_rows(
    work: ScratchDatabase, seal: Seal, path: Path, judged: str, alike: Mapping[str, Sequence[int]]
) -> None:
    """Write the relation ``raw`` of a workspace, encrypted, each row with its ``student``."""
    plain = work.file(".parquet")
    work.con.execute(
        f"COPY ({with_students(work, judged, alike)}) TO '{quoted(plain)}' ({KEPT_AS})"
    )
    seal_file(seal, plain, path)


def with_students(work: ScratchDatabase, judged: str, alike: Mapping[str, Sequence[int]]) -> str:
    """Return SQL for the rows of ``raw`` with the ``student`` of each, where there is one.

    Most rows have a number of the roster, so that only the others are looked for in ``judged``.
    ``alike`` maps an unknown number to the students whose numbers it resembles: if there is only
    one, the row counts as that student's.
    """
    sure = ((number, students[0]) for number, students in alike.items() if len(students) == 1)
    work.table("alike", {"student_number": "VARCHAR", "student": "BIGINT"}, sure)
    work.con.execute(
        "CREATE OR REPLACE TEMP TABLE renamed AS SELECT DISTINCT line, judged.student "
        f"FROM ({judged}) AS judged JOIN (SELECT DISTINCT student FROM aliases) USING (student)"
    )
    return (
        "SELECT raw.*, coalesce(students.student, renamed.student, alike.student) AS student "
        "FROM raw LEFT JOIN students ON students.student_number = raw.student_number "
        "LEFT JOIN renamed USING (line) "
        "LEFT JOIN alike ON alike.student_number = raw.student_number"
    )


@contextmanager
def open_kept_rows(
    work: ScratchDatabase, seal: Seal, path: Path, name: str = "rows"
) -> Iterator[Path]:
    """Decrypt the kept rows to a Parquet file ``name`` in the workspace, deleted at the end.

    Raises ``SealBroken`` where the key does not fit, or the file was changed.
    """
    plain = work.file("") / name
    plain.parent.mkdir()
    try:
        with path.open("rb") as sealed, plain.open("wb") as file:
            for line in sealed:
                file.write(seal.open_bytes(line.rstrip(b"\n")))
        yield plain
    finally:
        plain.unlink(missing_ok=True)


def remove_kept_rows(work: ScratchDatabase, seal: Seal, path: Path, student: int) -> bool:
    """Rewrite the kept rows without those of a student; return whether there were any."""
    with open_kept_rows(work, seal, path) as plain:
        of_student = f"student IS NOT DISTINCT FROM CAST({int(student)} AS BIGINT)"
        source = f"read_parquet('{quoted(plain)}')"
        (found,) = work.con.execute(f"SELECT count(*) FROM {source} WHERE {of_student}").fetchall()[
            0
        ]
        if not found:
            return False
        left = work.file(".parquet")
        work.con.execute(
            f"COPY (FROM {source} WHERE NOT ({of_student})) "
            f"TO '{quoted(left)}' (FORMAT parquet, COMPRESSION zstd)"
        )
        seal_file(seal, left, path)
    return True


def rows_about(work: ScratchDatabase, plain: Path, student: int) -> list[str]:
    """Return what decrypted rows or records say of a student, each as one text."""
    source = f"read_parquet('{quoted(plain)}')"
    names = [name for name, *_ in work.con.execute(f"DESCRIBE FROM {source}").fetchall()]
    said = [name for name in names if name not in ("line", "record", "student")]
    if not said:
        return []
    # In quotes, since a column of the file may be called "at" or "group".
    columns = ", ".join(f"""CAST("{name.replace('"', '""')}" AS VARCHAR)""" for name in said)
    return [
        text
        for (text,) in work.con.execute(
            f"SELECT concat_ws(' | ', {columns}) FROM {source} "
            f"WHERE student = CAST({int(student)} AS BIGINT) ORDER BY line"
        ).fetchall()
    ]


def seal_file(seal: Seal, plain: Path, path: Path) -> None:
    """Write a file's content to ``path``, encrypted, and delete the file."""
    unfinished = path.with_suffix(".sealed-new")
    try:
        with plain.open("rb") as file, unfinished.open("wb") as sealed:
            while piece := file.read(PIECE):
                sealed.write(seal.close_bytes(piece) + b"\n")
        flush(unfinished)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise cannot_write("The kept rows of a delivery", error) from None
    finally:
        plain.unlink(missing_ok=True)
