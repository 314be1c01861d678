"""A roster as the folder of CSV files that a university would deliver."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from store.rules.schools import Roster

_FILES = ("schools", "staff", "modules", "students", "enrolments")

_BAD_STUDENT = {
    "number": "L9999",
    "given_name": "Noone",
    "family_name": "Nowhere",
    "level": "wizard",
    "programme": "BA Invented Languages",
    "home_school": "LANG",
}
"""A level that does not exist, so that the first load has something to leave out."""


def write_roster(roster: Roster, folder: Path) -> None:
    """Write a roster as the documented CSV files; ``integrations.feeds.roster.csv_folder`` has the
    columns.
    """
    folder.mkdir(parents=True)
    for name in _FILES:
        entries: Sequence[Any] = getattr(roster, name)
        columns = [field.name for field in fields(entries[0])]
        rows = [{column: _cell(getattr(each, column)) for column in columns} for each in entries]
        if name == "students":
            rows.append(_BAD_STUDENT)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)


def _cell(value: object) -> str:
    """A value as the feed reads it: lists with ``;``, a role as ``SCHOOL:role``."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(_part(part) for part in value)
    return str(value)


def _part(part: str | Iterable[str]) -> str:
    return part if isinstance(part, str) else ":".join(part)
