"""Draft a mapping from a file: the probable meaning of columns and marks, to be checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import Headings, find_columns, normal
from integrations.feeds.formats.mappings import students
from integrations.feeds.formats.mappings.mapping import (
    ABSENT,
    COLUMNS,
    EXCUSED,
    LATE,
    MEANINGS,
    NOT_EXPECTED,
    NOT_TAKEN,
    PRESENT,
)
from integrations.feeds.formats.mappings.words import OPEN, plain, quoted
from integrations.feeds.formats.model import EMAIL, NUMBER, USERNAME
from integrations.feeds.formats.times import ORDERS, Dates, iso_time
from integrations.feeds.text_files import FeedError

_GUESSES: Headings = {
    "person": (
        "student id", "student number", "student no", "student", "number", "stu code",
        "spr code", "id number", "user id", "username", "user name", "login", "email",
        "email address", "e-mail",
    ),
    "module": (
        "module", "module code", "mod code", "course code", "unit", "unit code", "course",
    ),
    "date": (
        "date", "session date", "event date", "activity date", "class date", "day", "timestamp",
        "at", "when",
    ),
    "time": ("time", "start", "start time", "starts", "from"),
    "item": (
        "event id", "session id", "activity id", "event", "session", "activity", "class",
        "activity name",
    ),
    "mark": (
        "mark", "attendance mark", "register mark", "attendance status", "mark code", "status",
        "attendance", "presence", "attended",
    ),
    "changed": ("marked at", "changed at", "updated", "modified", "last changed"),
}  # fmt: skip
_MARKS = {
    "/": PRESENT, "\\": PRESENT, "present": PRESENT, "p": PRESENT, "attended": PRESENT,
    "yes": PRESENT, "x": OPEN, "1": PRESENT, "l": LATE, "late": LATE, "absent": ABSENT,
    "o": ABSENT, "0": ABSENT, "no": ABSENT, "unexplained absence": ABSENT, "excused": EXCUSED,
    "e": EXCUSED, "authorised": EXCUSED, "authorised absence": EXCUSED, "n": NOT_EXPECTED,
    "not expected": NOT_EXPECTED, "-": NOT_TAKEN, "": NOT_TAKEN, "not taken": NOT_TAKEN,
}  # fmt: skip
_READ = 5_000
_MOST_MARKS = 20


def draft_mapping(opened: Opened) -> str:
    """Draft the text of a mapping. Raises ``FeedError`` where the file is no table of people."""
    if not opened.first_rows:
        raise FeedError(
            f"{opened.name} is not a table ({opened.described}), so it cannot be mapped."
        )
    at, header = next(
        (
            (at, row)
            for at, row in enumerate(opened.first_rows[:8])
            if "person" in find_columns(row, _GUESSES)
        ),
        (0, opened.first_rows[0]),
    )
    rows = [row.fields for row in islice(opened.rows(), at + 1, _READ) if not row.reason]
    found = {name: header[place] for name, place in find_columns(header, _GUESSES).items()}
    sessions = [each for each in header if _is_date(each)]
    if not sessions and not {"date", "mark"} <= found.keys() and students.is_of_students(header):
        return students.draft(opened.name, header, rows)
    wide = "date" not in found and bool(sessions)
    if wide:
        marks = [
            cell
            for row in rows
            for cell, head in zip(row, header, strict=False)
            if head in sessions
        ]
        written = sessions
        found = {name: heading for name, heading in found.items() if name == "person"}
    else:
        marks = _column(rows, header, found.get("mark", ""))
        written = _column(rows, header, found.get("date", ""))
    return _text(opened.name, header, found, wide, _dates(written), marks)


def _text(
    name: str,
    header: Sequence[str],
    found: dict[str, str],
    wide: bool,
    dates: str,
    marks: Sequence[str],
) -> str:
    """Write the draft. It has the file's headings and marks, but never other values."""
    seen = Counter(mark.strip() for mark in marks)
    lines = [
        f"# How to read files like {plain(name)}. Check every line, then set confirmed = true.",
        f"# The columns of the file: {', '.join(map(plain, header))}",
        "confirmed = false",
        f"layout = {quoted('wide' if wide else 'long')}",
        'family = "attendance"',
        f"people = {quoted(_people(found.get('person', '')))}   # or number, username, email",
        f"dates = {quoted(dates)}   # {', '.join(ORDERS)}, or a pattern such as %d/%m/%y",
        'module = ""   # the code, where no column says it',
        "",
        f"[columns]   # {', '.join(COLUMNS)}",
        *(f"{key} = {quoted(heading)}" for key, heading in found.items()),
    ]
    if "person" not in found:
        lines.append(f'person = "{OPEN}"')
    if not wide and "mark" not in found:
        lines.append(
            f'mark = "{OPEN}"   # delete this line where each row says that a student was there'
        )
    if "mark" in found or wide:
        lines += ["", f"[marks]   # each means one of: {', '.join(MEANINGS)}"]
        lines += [
            f"{quoted(mark)} = {quoted(_MARKS.get(mark.casefold(), OPEN))}"
            for mark, _ in seen.most_common(_MOST_MARKS)
            if len(mark) <= 30
        ]
    return "\n".join(lines) + "\n"


def _column(rows: Sequence[Sequence[str]], header: Sequence[str], heading: str) -> list[str]:
    if not heading:
        return []
    at = list(header).index(heading)
    return [row[at] for row in rows if at < len(row)]


def _is_date(heading: str) -> bool:
    return iso_time(heading) is not None or any(Dates(order).read(heading) for order in ORDERS)


def _dates(written: Sequence[str]) -> str:
    """Return the date order that fits most dates; leave it open where several fit.

    Several orders that agree on every date, since months are named, count as one.
    """
    filled = [text for text in written if text.strip()]
    read = {order: [Dates(order).read(text) for text in filled] for order in ORDERS}
    fewest = min(dates.count(None) for dates in read.values())
    fitting = [order for order in ORDERS if read[order].count(None) == fewest < len(filled) / 2]
    agree = all(read[order] == read[fitting[0]] for order in fitting)
    return fitting[0] if fitting and agree else OPEN


def _people(heading: str) -> str:
    name = normal(heading)
    if "mail" in name:
        return EMAIL
    return USERNAME if name in ("username", "user name", "login", "user id") else NUMBER
