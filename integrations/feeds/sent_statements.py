"""The xAPI statements that a source sent lately: the id of one stands for its content, for good.

Only digests are kept, for as long as a sender may try again. Several processes may ask at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from integrations.feeds.formats.readers.xapi import content_of

KEPT = dt.timedelta(days=7)
_WAIT = 20
"""Seconds to wait for another process."""
_TABLE = """
CREATE TABLE IF NOT EXISTS sent (id BLOB PRIMARY KEY, content BLOB NOT NULL, day TEXT NOT NULL)
WITHOUT ROWID
"""
_CHANGED = "SELECT 1 FROM sent WHERE id = ? AND content <> ?"
_NEW = "INSERT INTO sent VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


class ChangedStatement(Exception):
    """A statement has the id of an earlier one, and other content."""


@contextmanager
def claimed(path: Path, statements: Sequence[Any], at: dt.datetime) -> Iterator[None]:
    """Record the statements once the body is done; ``path`` is the file of their source.

    The same statement again is no fault. Raises ``ChangedStatement`` before the body, or
    ``sqlite3.Error`` where the file cannot be used. Where the body fails, nothing is recorded.
    """
    found = [(_digest(each["id"].casefold()), _digest(content_of(each))) for each in statements]
    with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as sent:
        sent.execute(_TABLE)
        sent.execute("BEGIN IMMEDIATE")
        if any(sent.execute(_CHANGED, each).fetchone() for each in found):
            raise ChangedStatement
        yield
        sent.execute("DELETE FROM sent WHERE day < ?", [f"{(at - KEPT).date()}"])
        sent.executemany(_NEW, [(*each, f"{at.date()}") for each in found])
        sent.execute("COMMIT")


def _digest(value: Any) -> bytes:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).digest()[:16]
