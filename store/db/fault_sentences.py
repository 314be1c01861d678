"""Explain a database error in one sentence: what happened, and what to do next.

Drivers' own texts hold addresses, rows and statements, so they are never shown. An error is
recognised by its code, or by the beginning of its text where the driver gives no code.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import sqlalchemy as sa

_SERVER = "check that the server of DATABASE_URL runs and that this machine can reach it"
AWAY = f"The database cannot be reached; {_SERVER}."
BUSY = (
    "All connections to the database are in use; wait a minute and try again, and raise the "
    "server's limit of connections if it happens often."
)
NOT_MIGRATED = "The database is not migrated to this version; run `lantern release` once."
OLDER = (
    "The database is not migrated to this version; make a backup with the version before, if there "
    "is none yet, then run `lantern release` once."
)
NEWER = (
    "The database is of a newer version of Lantern than this program; install that version again, "
    "or restore the backup that was made before the upgrade."
)
ROLLED_BACK = (
    "The database is of a newer version of Lantern. This version works with it, but knows nothing "
    "of what the newer one added, and cannot erase it; install the newer version again soon."
)
OF_OTHERS = (
    "The database holds tables of another program; set DATABASE_URL or LANTERN_HOME to a "
    "database that is empty, or Lantern's own."
)
EMPTIED = (
    "The database is empty, but LANTERN_HOME holds the activity of an earlier one, whose numbers "
    "would stand for other students now; put the database back with `lantern restore`, or correct "
    "DATABASE_URL. To begin anew, move the folder lake out of LANTERN_HOME."
)
LOCKED = (
    "The database is locked by another program; close the program that uses it, such as a backup "
    "or "
    "a second `lantern web`, and try again."
)
NO_RIGHT = (
    "The database does not let Lantern do this; give the user of DATABASE_URL the rights of the "
    "owner of its tables."
)
READ_ONLY = (
    "The database is read-only; give Lantern's account the right to write the database's file and "
    "its folder, or set DATABASE_URL to the primary server."
)
FULL = "The disk of the database is full; make room on it, and Lantern continues by itself."
NO_ACCOUNT = (
    "The database refuses the user or password of DATABASE_URL; correct them, and start again."
)
NO_DATABASE = (
    "The server has no database of the name in DATABASE_URL; create it, run `lantern release`, "
    "and start again."
)
NOT_OPENED = (
    "The database's file cannot be opened; check that its folder exists and that Lantern's account "
    "may read and write there (LANTERN_HOME, or DATABASE_URL where it is set)."
)
NO_FILE = (
    "The database's file is not a database; set DATABASE_URL or LANTERN_HOME to another, or "
    "restore the newest backup."
)
DAMAGED = (
    "The database's file is damaged; stop Lantern, keep a copy of the file, and restore the newest "
    "backup."
)
DISK = (
    "The disk of the database is full, or fails to read or write; make room on it or check it, and "
    "restart Lantern."
)
NO_MEMORY = "The database has no memory left; give its server more, and try again."
AT_ONCE = "The database was being changed at the same time; try again."
TOO_LONG = "The database took too long and gave up; check what else it is doing, and try again."

STARTING = (
    "The database is not ready: it is starting, stopping or recovering from a crash. Lantern "
    "continues by itself; check the server if this lasts."
)
POOLED = (
    "A connection pool in front of the database drops prepared statements; switch it to session "
    "pooling, or set DATABASE_URL to the server itself."
)
ENCRYPTED = (
    "The encrypted connection to the database failed; check sslmode and sslrootcert in "
    "DATABASE_URL, and the server's certificate."
)
ADDRESS = (
    "The setting DATABASE_URL has a part that the database or its driver does not know; correct "
    "the port and the part after the question mark."
)
SERVER_FAULT = (
    "The database server had an internal error; check its log, and tell its administrator if this "
    "lasts."
)

_STATES: tuple[tuple[str, str], ...] = (
    # By the longest beginning first. postgresql.org/docs/current/errcodes-appendix.html
    ("25006", READ_ONLY),
    ("28", NO_ACCOUNT),
    ("3D000", NO_DATABASE),
    ("25P03", TOO_LONG),
    ("25P04", TOO_LONG),
    ("26000", POOLED),
    ("40", AT_ONCE),
    ("42P05", POOLED),
    ("55006", LOCKED),
    ("55P03", LOCKED),
    ("42501", NO_RIGHT),
    ("42P01", NOT_MIGRATED),  # a backup was restored, or the program renewed, under a process
    ("42P07", OF_OTHERS),
    ("53100", FULL),
    ("53200", NO_MEMORY),
    ("53", BUSY),
    ("57014", TOO_LONG),
    ("57P03", STARTING),
    ("72000", AT_ONCE),
    ("08", AWAY),
    ("57P", AWAY),
    ("58", DISK),
    ("XX001", DAMAGED),
    ("XX002", DAMAGED),
    ("XX", SERVER_FAULT),
    ("F0", SERVER_FAULT),
)
_RESULTS: tuple[tuple[str, str], ...] = (
    # sqlite.org/rescode.html, the extended codes by their beginning
    ("SQLITE_BUSY", LOCKED),
    ("SQLITE_LOCKED", LOCKED),
    ("SQLITE_READONLY", READ_ONLY),
    ("SQLITE_PERM", READ_ONLY),
    ("SQLITE_AUTH", READ_ONLY),
    ("SQLITE_FULL", FULL),
    ("SQLITE_IOERR", DISK),
    ("SQLITE_CANTOPEN", NOT_OPENED),
    ("SQLITE_NOTADB", NO_FILE),
    ("SQLITE_CORRUPT", DAMAGED),
    ("SQLITE_NOMEM", NO_MEMORY),
    ("SQLITE_PROTOCOL", LOCKED),
    ("SQLITE_SCHEMA", AT_ONCE),
    ("SQLITE_INTERRUPT", TOO_LONG),
    ("SQLITE_FORMAT", DAMAGED),
    ("SQLITE_NOLFS", DISK),
)
_TEXTS: tuple[tuple[str, str], ...] = (
    # psycopg gives no code for a refused connection, only the server's words. These quote the names
    # of the account and the database, so the parts matched here must not occur in such names.
    ("resolve host", AWAY),  # first: the name of the host follows
    ("translate host name", AWAY),
    ("authentication failed", NO_ACCOUNT),
    ("no password supplied", NO_ACCOUNT),
    ("no pg_hba.conf entry", NO_ACCOUNT),
    ("server login failed", NO_ACCOUNT),
    ("expected password response", NO_ACCOUNT),
    ("is not permitted to log in", NO_ACCOUNT),
    ("too many", BUSY),
    ("remaining connection slots", BUSY),
    ("no more connections allowed", BUSY),
    ("query_wait_timeout", BUSY),
    ("starting up", STARTING),
    ("shutting down", STARTING),
    ("in recovery mode", STARTING),
    ("not yet accepting connections", STARTING),
    ("not currently accepting connections", STARTING),
    ("administrator command", STARTING),
    ("no such database", NO_DATABASE),
    ("certificate", ENCRYPTED),
    ("does not support SSL", ENCRYPTED),
    ("SSL error", ENCRYPTED),
    ("unsupported startup parameter", POOLED),
    ("received invalid response", AWAY),
    ("bad value for", ADDRESS),
    ("invalid", ADDRESS),
    ("unrecognized configuration parameter", ADDRESS),
    ("definition of service", ADDRESS),
)
_OF_ADDRESS = tuple(row for row in _TEXTS if row[1] is ADDRESS)
_NAMED = (("role ", NO_ACCOUNT), ("user ", NO_ACCOUNT), ("database ", NO_DATABASE))
"""How the server's message on a missing account or database begins."""


def sentence_of(error: BaseException) -> str | None:
    """Return the sentence for a database error that an operator can fix; None for any other."""
    if isinstance(error, sa.exc.TimeoutError):
        return BUSY
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    if isinstance(error, sa.exc.DBAPIError) and cause is not None:
        return _of_server(error, cause)
    return None


def _of_sqlite(error: sqlite3.Error) -> str | None:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_ERROR" and str(error).endswith("already exists"):
        return OF_OTHERS
    if name == "SQLITE_ERROR" and str(error).startswith("no such table"):
        return NOT_MIGRATED
    return _first(name, _RESULTS)


def _of_server(error: sa.exc.DBAPIError, cause: BaseException) -> str | None:
    if state := getattr(cause, "sqlstate", None):
        return _first(state, _STATES)
    said = str(cause)
    if not isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        # A fault in the address is found before any statement runs. A fault in one of our own
        # statements raises the same errors, and has no sentence.
        is_asked = error.statement is not None
        of_address = None if is_asked else _anywhere(_unnamed(said), _OF_ADDRESS)
        return AWAY if error.connection_invalidated else of_address
    refused = said.partition("FATAL:")[2].strip()
    return _anywhere(_unnamed(said), _TEXTS) or _first(refused, _NAMED) or AWAY


def _unnamed(said: str) -> str:
    """Return the text without quoted names of accounts, databases and files."""
    return "".join(said.split('"')[::2])


def _first(text: str, rows: Iterable[tuple[str, str]]) -> str | None:
    return next((sentence for start, sentence in rows if text.startswith(start)), None)


def _anywhere(text: str, rows: Iterable[tuple[str, str]]) -> str | None:
    return next((sentence for part, sentence in rows if part in text), None)
