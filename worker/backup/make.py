"""``lantern backup``: a consistent copy, made while Lantern runs."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from integrations.bootstrap import Services
from store import migrations
from store.actions.privacy.protections import write_protections
from store.db.student_keys import KEYS
from store.db.table_files import write_tables
from store.queries import health
from store.rules.errors import InvalidInput
from worker.backup.manifest import Manifest, digests, write_manifest

WHOLE, PROTECTIONS = "whole", "protections"
OF_THE_LAKE = frozenset({".parquet", ".json", ".sealed"})
"""Activity and deliveries, unknown days, and kept rows. Without the unknown days, a student whose
data is missing would count as absent after a restore.
"""


def make_backup(
    services: Services, folder: Path, kind: str = WHOLE, *, keys_apart: bool = False
) -> Path:
    """Write a backup into a new folder below ``folder``, and return the new folder.

    The tables are read in one transaction. The lake is copied after them: its files are only ever
    replaced as a whole. The folder gets its final name once everything is written.

    ``keys_apart``: without students' keys, which are in the list of protections alone. What it says
    of a student who is erased later can then not be read any more.

    Raises:
        InvalidInput: the folder cannot be written, or lies within LANTERN_HOME.
    """
    refuse_within_home(services, folder)
    now = services.now()
    name = f"lantern-{kind}-{now:%Y%m%dT%H%M%S%fZ}"
    partial, made = folder / f".{name}.partial", folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.mkdir(mode=0o700)
        try:
            rows = _write(services, partial, kind, keys_apart=keys_apart)
            step = migrations.newest_step()
            manifest = Manifest(kind, now.isoformat(), step, digests(partial), rows)
            signature = write_manifest(services.store, partial, manifest)
            partial.rename(made)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise InvalidInput(
            f"The backup in {folder} was not made: {error.strerror}. Choose a folder with room "
            "that you may write to."
        ) from None
    if kind == WHOLE:
        with services.store.unit_of_work() as work:
            work.record("system:cli", health.BACKUP, "backup", signature=signature)
    return made


def refuse_within_home(services: Services, place: Path) -> None:
    """Refuse a place that is lost together with what is backed up. Raises ``InvalidInput``."""
    home = services.settings.home.resolve()
    if place.resolve().is_relative_to(home):
        raise InvalidInput(
            f"{place} is in LANTERN_HOME, so it would be lost together with it. Name a place "
            "outside it, on another disk if there is one."
        )


def _write(services: Services, folder: Path, kind: str, *, keys_apart: bool) -> dict[str, int]:
    tables = folder / "tables"
    tables.mkdir()
    with services.store.database.read() as connection:
        if kind == WHOLE:
            rows = write_tables(connection, tables, without=(KEYS,) if keys_apart else ())
        else:
            rows = write_protections(connection, tables)
    lake = services.settings.home / "lake"
    if kind == WHOLE and lake.is_dir():
        for path in sorted(each for each in lake.rglob("*") if each.suffix in OF_THE_LAKE):
            place = folder / "lake" / path.relative_to(lake)
            place.parent.mkdir(parents=True, exist_ok=True)
            # While Lantern runs, an erasure or the retention may delete a file after it was listed.
            with suppress(FileNotFoundError):
                shutil.copyfile(path, place)
    return rows
