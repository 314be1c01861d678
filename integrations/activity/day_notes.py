"""Notes on what is unknown about a source's day, beside its file: ``<YYYY-MM-DD>.json``.

Without a note, the day is known for every student, and no delivery corrected it. Notes are made
from the deliveries together with the day's rows (``integrations.feeds.ledger.days``) and are read
when measures are taken.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

EVERYWHERE = ""
"""Stands for all schools in ``strangers``: the module of a refused row was not known."""


@dataclass(frozen=True, slots=True)
class DayNote:
    """What is unknown about one day of a source, whatever its rows say."""

    covered: bool = True
    """Whether a delivery covers the day. Mere rows, such as of future sessions, do not cover it."""
    students: frozenset[int] = frozenset()
    """Students with a refused row, whose activity is therefore unknown."""
    strangers: Mapping[str, float] = field(default_factory=dict)
    """School → the share (0 to 1) of its rows that were refused because the person is unknown."""
    corrected: dt.date | None = None
    """The day on which a delivery last corrected it, or brought it late; None: none did."""

    @property
    def is_needed(self) -> bool:
        """Whether the note has any content."""
        return self != DayNote()


def read_note(day_file: Path) -> DayNote:
    """Return the note beside this day's file. An unreadable note makes the day unknown."""
    try:
        found = json.loads(_beside(day_file).read_text(encoding="utf-8"))
        return DayNote(
            bool(found["covered"]),
            frozenset(int(each) for each in found["students"]),
            {str(school): float(share) for school, share in found["strangers"].items()},
            dt.date.fromisoformat(corrected) if (corrected := found.get("corrected")) else None,
        )
    except FileNotFoundError:
        return DayNote()
    except (ValueError, KeyError, TypeError, AttributeError):
        return DayNote(covered=False)


def write_note(day_file: Path, note: DayNote) -> None:
    """Write the note beside the day's file, or delete the file of an empty note."""
    put_note(day_file, prepare_note(day_file, note))


def prepare_note(day_file: Path, note: DayNote) -> Path | None:
    """Write the note to a file of its own, for ``put_note``; None for an empty one."""
    if not note.is_needed:
        return None
    path = _beside(day_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".json-new")
    said = {
        "covered": note.covered,
        "students": sorted(note.students),
        "strangers": dict(sorted(note.strangers.items())),
        "corrected": note.corrected and str(note.corrected),
    }
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    return unfinished


def put_note(day_file: Path, prepared: Path | None) -> None:
    """Move a prepared note to its place, which needs no more disk space."""
    path = _beside(day_file)
    if prepared is None:
        path.unlink(missing_ok=True)
    else:
        prepared.replace(path)


def remove_from_note(day_file: Path, student: int) -> None:
    """Remove a student from the note beside this day's file."""
    note = read_note(day_file)
    if student in note.students:
        write_note(day_file, replace(note, students=note.students - {student}))


def _beside(day_file: Path) -> Path:
    return day_file.with_suffix(".json")
