"""Open the database that the settings name, at this version and with its keys."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass

import structlog

from integrations import keys
from integrations.activity.lake import Lake
from integrations.settings import Settings, WrongSetting
from store import migrations
from store.db import fault_sentences, key_check
from store.db.database import Database, Failure, file_of, may_exist
from store.encryption import Encryption, SealBroken
from store.rules.errors import AUDIT_HEAD_CHANGED, AuditDamaged, lost_from_database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """A database at this version, and the keys that it was begun with."""

    database: Database
    audit_key: bytes
    seal: Encryption


def open_database(
    settings: Settings, *, migrate: bool | None, restores: bool, looks: bool
) -> OpenDatabase:
    """Open the database and its keys; both are made where Lantern was never used with it.

    ``migrate``: whether to bring the database to this version. None: only an embedded one that
    is new, since an older one may not be backed up yet, and ``lantern release`` is for that.
    ``restores``: a backup is about to be put into the database, which may therefore be empty beside
    a lake. ``looks``: no embedded database is begun where there is none.

    Raises:
        WrongSetting: the database is at another migration step, has other keys, was emptied, has
            lost a table, cannot be reached, or is not there to look at.
        AuditDamaged: the tables of the audit are not as Lantern made them.
    """
    if looks:
        _refuse_nothing(settings)
    database = _open(settings)
    try:
        is_new = _prepare(database, settings, migrate=migrate, restores=restores)
        return OpenDatabase(
            database,
            _audit_key(settings, database, is_new=is_new),
            _seal(settings, database, is_new=is_new),
        )
    except BaseException:
        database.close()
        raise


def is_begun(settings: Settings) -> bool:
    """Return whether Lantern was ever used with this database, without making anything.

    True where that cannot be found out: ``open_database`` says why.
    """
    if not may_exist(settings.database):
        return False
    database = _open(settings)
    try:
        return bool(migrations.lost(database)) or key_check.is_begun(database)
    except (Failure, sqlite3.Error):
        return True
    finally:
        database.close()


def _refuse_nothing(settings: Settings) -> None:
    """Refuse to look at an embedded database that is not there, such as in a wrong folder."""
    file = file_of(settings.database)
    if file and not file.exists():
        raise WrongSetting(
            f"There is no database {file.absolute()}, and none was made. "
            "Change to the folder with Lantern's .env, or begin: lantern init (or lantern release, "
            "where .env is written already)."
        )


def _open(settings: Settings) -> Database:
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Database(settings.database)
    except OSError as error:
        where = "DATABASE_URL" if settings.database_url else "LANTERN_HOME"
        raise WrongSetting(
            f"The folder of the setting {where} cannot be made: {error.strerror}; "
            "name another, or give Lantern's account the right to write there."
        ) from None


def _prepare(
    database: Database, settings: Settings, *, migrate: bool | None, restores: bool
) -> bool:
    """Migrate the database, or check that it is current; return whether keys may be made.

    They may if no key was ever used with the database.
    """
    try:
        if lost := migrations.lost(database):
            kind = AuditDamaged if " audit" in lost else WrongSetting
            raise kind(lost_from_database(lost))
        is_new = not key_check.is_begun(database)
        if is_new and not restores and Lake(settings.home / "lake").newest_days(dt.date.max):
            raise WrongSetting(fault_sentences.EMPTIED)
        # Only where the version differs: most starts find the database as the last one left it.
        if not migrations.is_current(database):
            if migrations.is_of_others(database):
                raise WrongSetting(fault_sentences.OF_OTHERS)
            wanted = is_new and database.is_sqlite if migrate is None else migrate
            _migrate(database, settings, migrate=wanted, is_new=is_new)
    except SealBroken:
        raise WrongSetting(keys.OTHER_SEAL) from None
    except (Failure, sqlite3.Error) as error:
        sentence = fault_sentences.sentence_of(error)
        if sentence is None:  # a mistake in our own statements
            raise
        raise WrongSetting(sentence) from None
    return is_new


def _migrate(database: Database, settings: Settings, *, migrate: bool, is_new: bool) -> None:
    """Bring the database to this version, or let a newer one be where this version is served."""
    if migrations.is_newer(database):
        if not migrations.serves_this_version(database):
            raise WrongSetting(fault_sentences.NEWER)
        log.warning(fault_sentences.ROLLED_BACK)
        return
    if not migrate:
        raise WrongSetting(fault_sentences.NOT_MIGRATED if is_new else fault_sentences.OLDER)
    seal = Encryption(*keys.encryption_keys(settings, may_make=is_new))
    migrations.upgrade(database, seal)


def _audit_key(settings: Settings, database: Database, *, is_new: bool) -> bytes:
    key = keys.audit_key(settings, may_make=is_new)
    if not key_check.begins_audit(database, keys.print_of(key)):
        if key_check.signed_first_row(database, key):
            raise AuditDamaged(AUDIT_HEAD_CHANGED)
        raise WrongSetting(keys.OTHER_AUDIT)
    return key


def _seal(settings: Settings, database: Database, *, is_new: bool) -> Encryption:
    seal = Encryption(*keys.encryption_keys(settings, may_make=is_new))
    try:
        key_check.check_seal(database, seal)
    except SealBroken:
        raise WrongSetting(keys.OTHER_SEAL) from None
    return seal
