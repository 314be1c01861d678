"""Write Parquet files of rollup rows: replace them whole, flush them, remove a student."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from integrations.activity.errors import LakeError, cannot_write, is_of_the_machine, no_room
from integrations.activity.scratch_database import (
    ScratchDatabase,
    file_state,
    locked,
    path_literal,
)


def replace_file(
    root: Path,
    work: ScratchDatabase,
    path: Path,
    rows: str | Path,
    only: tuple[int, ...] | None = None,
) -> bool:
    """Replace a file by the rows of a query, or by a copy of the file ``rows``.

    With ``only``, it is replaced only if its state is still that one. Raises ``LakeError`` where it
    cannot be written; the old file is then unchanged.
    """
    unfinished = write_file(work, path, rows)
    try:
        with locked(root):
            if only is not None and file_state(path) != only:
                return False
            unfinished.replace(path)
        flush(path.parent)
        return True
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise cannot_write(f"{path.parent.name}/{path.name}", error) from None


def write_file(work: ScratchDatabase, path: Path, rows: str | Path) -> Path:
    """Write a new file on the same disk, which is to become the file ``path``.

    Its rows are those of a query, or a copy of the file ``rows``. Raises ``LakeError`` where it
    cannot be written.
    """
    unfinished = work.file(".parquet")
    try:
        if isinstance(rows, Path):
            shutil.copyfile(rows, unfinished)
        else:
            work.con.execute(
                f"COPY ({rows}) TO '{quoted(unfinished)}' (FORMAT parquet, COMPRESSION zstd)"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        flush(unfinished)
    except (OSError, duckdb.IOException) as error:
        unfinished.unlink(missing_ok=True)
        raise cannot_write(f"{path.parent.name}/{path.name}", error) from None
    return unfinished


def without_student(root: Path, work: ScratchDatabase, path: Path, student: int) -> bool:
    """Rewrite a file without the rows of a student; return whether it had any.

    If the file is loaded again meanwhile, the new version is kept and rewritten in turn.
    """
    changed = False
    while path.exists() and _has(work, path, student):
        rows = (
            f"FROM read_parquet('{path_literal(path)}') "
            f"WHERE student IS DISTINCT FROM CAST({int(student)} AS BIGINT)"
        )
        changed |= replace_file(root, work, path, rows, only=file_state(path))
    return changed


def only_students(
    root: Path, work: ScratchDatabase, path: Path, students: Collection[int]
) -> tuple[bool, bool]:
    """Rewrite a file with the rows of these students alone; (whether any is left, whether it
    changed). Without any the file is unchanged.

    If the file is loaded again meanwhile, the new version is kept and rewritten in turn.
    """
    theirs = f"student IN ({', '.join(str(int(each)) for each in sorted(students))})"
    changed = False
    while path.exists():
        state, source = file_state(path), f"read_parquet('{path_literal(path)}')"
        ((rows, kept),) = work.con.execute(
            f"SELECT count(*), count(*) FILTER ({theirs}) FROM {source}"
        ).fetchall()
        if rows == kept or not kept:
            return bool(kept), changed
        changed |= replace_file(root, work, path, f"FROM {source} WHERE {theirs}", only=state)
    return False, changed


def quoted(path: Path) -> str:
    """Return the path escaped for a string literal in SQL."""
    return str(path).replace("'", "''")


def flush(path: Path) -> None:
    """Write what the system holds back of a file or directory to the disk (fsync)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_sound(work: ScratchDatabase, path: Path, columns: Mapping[str, str]) -> bool:
    """Return whether the whole file can be read. Raises ``LakeError`` if it cannot be opened."""
    try:
        path.read_bytes()
    except OSError as error:
        raise LakeError(
            f"{path.parent.name}/{path.name} cannot be opened ({error.strerror}). "
            "Correct its permissions or check the disk; it was left where it is.",
            permanent=False,
        ) from None
    selected = ", ".join(f"CAST({name} AS {kind})" for name, kind in columns.items())
    try:
        work.con.execute(
            f"SELECT bit_xor(hash({selected})) FROM read_parquet($path)",
            {"path": path_literal(path, quoted=False)},
        ).fetchall()
    except duckdb.Error as error:
        if is_of_the_machine(error):
            raise no_room(path.name, error) from None
        return False
    return True


def _has(work: ScratchDatabase, path: Path, student: int) -> bool:
    query = "SELECT 1 FROM read_parquet($path) WHERE student = $student LIMIT 1"
    values = {"path": path_literal(path, quoted=False), "student": student}
    return bool(work.con.execute(query, values).fetchall())
