"""The true events in a database of their own, queried in SQL independent of Lantern's."""

from __future__ import annotations

import csv
import datetime as dt
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_MONTH = "(January|February|March|April|May|June|July|August|September|October|November|December)"
_SINCE = re.compile(rf"(?:Not seen|have not seen you) since \w+day (\d+) {_MONTH}(?: (\d{{4}}))?")
_NEVER = re.compile(r"Not seen so far")
_SESSIONS = re.compile(
    r"(?:Attended|came to) (\d+) of (\d+) sessions? in (\w+) (?:in the four weeks to|from|on) "
)
_MEETINGS = re.compile(r"last (?:(\d+) )?meetings?(?: arranged)? for (\w+)")
_MISSING = re.compile(
    r"([\w ]+?) in (\w+) was due on \w+day (\d+) (\w+)[^.;]*; nothing has arrived"
)


@dataclass
class Truth:
    """Every delivered event."""

    file: Path
    _db: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._db = sqlite3.connect(self.file)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS events"
            " (number TEXT, module TEXT, family TEXT, kind TEXT, day TEXT, at TEXT, item TEXT)"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS by_number ON events (number, kind, day)")

    def learns(self, files: Iterable[Path]) -> None:
        """Load files as they are delivered."""
        for file in files:
            with file.open(encoding="utf-8", newline="") as lines:
                rows = [
                    (
                        r["student_number"],
                        r["module"],
                        r["family"],
                        r["kind"],
                        r["at"][:10],
                        r["at"],
                        r["item"],
                    )
                    for r in csv.DictReader(lines)
                ]
            self._db.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?)", rows)
        self._db.commit()

    def last_seen(self, number: str, morning: dt.date) -> str:
        """Return the last day with any activity before this morning; '' if there is none."""
        found = self._db.execute(
            "SELECT max(day) FROM events WHERE number = ? AND kind = 'done' AND day < ?",
            (number, str(morning)),
        ).fetchone()[0]
        return found or ""

    def silent(self, morning: dt.date, days: int) -> list[tuple[str, str]]:
        """Return (number, last day seen or '') of all students inactive for at least these days."""
        since = str(morning - dt.timedelta(days=days))
        return self._db.execute(
            "SELECT number, coalesce(max(CASE WHEN kind = 'done' THEN day END), '') AS last"
            " FROM events WHERE day < ? GROUP BY number HAVING last < ? ORDER BY number",
            (str(morning), since),
        ).fetchall()

    def contradictions(self, number: str, text: str, morning: dt.date) -> Iterator[str]:
        """Return the claims of a text that the events before this morning contradict."""
        for day, month, _ in _SINCE.findall(text):
            claimed, last = _date(day, month, morning), self.last_seen(number, morning)
            if last != str(claimed):
                yield f"“not seen since {claimed}”, and the last event is of {last or 'never'}"
        if _NEVER.search(text) and (last := self.last_seen(number, morning)):
            yield f"“not seen so far”, and there is an event of {last}"
        for came, of, module in _SESSIONS.findall(text):
            real = self._sessions(number, module, morning)
            if (int(came), int(of)) != real:
                yield f"“{came} of {of} sessions in {module}”, and it is {real[0]} of {real[1]}"
        for missed, module in _MEETINGS.findall(text):
            real_missed = self._meetings_missed(number, module, morning)
            if int(missed or 1) != real_missed:
                yield f"“{missed or 1} meetings missed for {module}”, and it is {real_missed}"
        for item, module, day, month in _MISSING.findall(text):
            if self._handed_in(number, module, item.strip(), morning):
                yield f"“{item.strip()} has not arrived”, and it has (due {day} {month})"

    def _sessions(self, number: str, module: str, morning: dt.date) -> tuple[int, int]:
        found = self._db.execute(
            "SELECT count(DISTINCT CASE WHEN kind = 'done' THEN at END),"
            " count(DISTINCT CASE WHEN kind = 'expected' THEN at END)"
            " FROM events WHERE number = ? AND module = ? AND family = 'attendance'"
            " AND day >= ? AND day < ?",
            (number, module, str(morning - dt.timedelta(days=28)), str(morning)),
        ).fetchone()
        return found[0], found[1]

    def _meetings_missed(self, number: str, module: str, morning: dt.date) -> int:
        """Count the sessions missed in the last eight weeks, the period that Lantern reports."""
        first = str(morning - dt.timedelta(weeks=8))
        held = self._db.execute(
            "SELECT coalesce(max(day), '') FROM events"
            " WHERE number = ? AND family = 'meetings' AND kind = 'done' AND day < ?",
            (number, str(morning)),
        ).fetchone()[0]
        return int(
            self._db.execute(
                "SELECT count(DISTINCT day) FROM events WHERE number = ? AND module = ?"
                " AND family = 'meetings' AND kind = 'expected' AND day > ? AND day >= ?"
                " AND day < ?",
                (number, module, held, first, str(morning)),
            ).fetchone()[0]
        )

    def _handed_in(self, number: str, module: str, item: str, morning: dt.date) -> bool:
        return bool(
            self._db.execute(
                "SELECT 1 FROM events WHERE number = ? AND module = ? AND item LIKE ?"
                " AND family = 'submissions' AND kind = 'done' AND day < ?",
                (number, module, f"%{item[-12:]}", str(morning)),
            ).fetchone()
        )


def records_until(text: str, day: dt.date) -> dt.date:
    """Return the last day that a letter covers; the day before this morning if it names none."""
    found = re.search(rf"up to \w+day (\d+) {_MONTH}", text)
    return _date(found[1], found[2], day) if found else day - dt.timedelta(days=1)


def _date(day: str, month: str, morning: dt.date) -> dt.date:
    """Return the newest such day before this morning."""
    number = dt.datetime.strptime(month, "%B").month  # noqa: DTZ007 -- a month's name alone
    found = dt.date(morning.year, number, int(day))
    return found if found < morning else found.replace(year=morning.year - 1)
