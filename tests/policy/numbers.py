"""Recognisable internal numbers, so that a test notices one wherever people could read it."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

_FIRST = {"students": 7_300_000, "staff": 7_400_000, "modules": 7_500_000, "schools": 7_600_000}
INTERNAL = re.compile(r"(?<![\w.-])7[3-6]00\d{3}(?![\w-])")
"""Such a number by itself. No date, telephone number or reference of the stories matches."""


def set_apart(database: Path) -> None:
    """Move the internal numbers of all loaded people, and every reference to them.

    Called between the first roster and the first row of activity, which names students by these
    numbers.
    """
    connection = sqlite3.connect(database)
    try:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        for table in names:
            for reference in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall():
                target, column = reference[2], reference[3]
                if first := _FIRST.get(target):
                    connection.execute(f"UPDATE {table} SET {column} = {column} + {first}")
        for table, first in _FIRST.items():
            connection.execute(f"UPDATE {table} SET id = id + {first}")
        connection.commit()
    finally:
        connection.close()
