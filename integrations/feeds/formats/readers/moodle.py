"""Moodle's log report, as CSV, workbook or JSON, in any language.

The person is the first id in the description, which is in English whatever the language of the
headings: the full name is not unique, and the affected user is another person. The module is
declared, since a course's report does not have its code. Titles and IP addresses are not passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import (
    SHORT,
    Headings,
    TableRow,
    has_columns,
    is_heading_of,
    read_table,
)
from integrations.feeds.formats.matching.summary import BAD_TIME, STAFF
from integrations.feeds.formats.model import (
    Declared,
    Event,
    EventFact,
    Format,
    Item,
    Keeps,
    Need,
    Passed,
    RefusedRow,
    Tried,
)
from integrations.feeds.formats.times import needed_dates
from integrations.feeds.text_files import FeedError

HEADINGS: Headings = {
    "time": ("time", "zeit", "hora", "heure", "fecha", "ora", "tijd", "amser", "data", "datum"),
    "component": (
        "component",
        "komponente",
        "componente",
        "composant",
        "onderdeel",
        "cydran",
        "komponent",
    ),
    "description": (
        "description",
        "beschreibung",
        "descrição",
        "descripción",
        "descrizione",
        "beschrijving",
        "disgrifiad",
        "beskrivning",
        "descripció",
    ),
    "event": (
        "event name",
        "eventname",
        "ereignisname",
        "nome do evento",
        "nombre evento",
        "nombre del evento",
        "nom de l'évènement",
        "nom de l’évènement",
        "nome evento",
        "gebeurtenisnaam",
    ),
}
_REQUIRED = ("time", "description")
_BARE_WIDTH = 8
"""The fewest columns of the report, in JSON without headings."""

_ACTOR = re.compile(r"The user with id '([^']*)'")
# 5/10/26, 5 October 2026 or October 5, 2026; a time of day is none.
_YEAR = re.compile(
    r"(?<!\d)\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?!\d)"
    r"|\d[-/. ][^\W\d]{3,}\.?[-/. ]\d{2,4}(?![\d:])"
    r"|(?<![^\W\d])[^\W\d]{3,}\.? \d{1,2},? \d{4}(?!\d)"
)
_OBJECT = re.compile(r"(?:course module id|assign(?:ment)?(?: with)? id) '(\d+)'")
_SENTENCES = (
    (re.compile(r"has logged in as the user"), "", STAFF),
    (re.compile(r"has graded|\bfor the user with id|to the user with id"), "", STAFF),
    (re.compile(r"has logged in"), "loggedin", ""),
    (
        re.compile(
            r"has (?:submitted|uploaded) (?:the|a|an|their)? ?(?:\w+ )?(?:submission|attempt)"
        ),
        "submitted",
        "",
    ),
    (
        re.compile(
            r"has (?:created|posted|uploaded) (?:content in )?(?:the|a) ?"
            r"(?:\w+ )?(?:post|discussion|comment|entry|message)"
        ),
        "posted",
        "",
    ),
    (re.compile(r"(?:has )?viewed"), "viewed", ""),
    (
        re.compile(r"has (?:started|continued|attempted|answered|completed|chosen|made)"),
        "worked",
        "",
    ),
)
OTHER = "an event that no marker needs"
SYSTEM = "the system itself, not a person"
NO_ACTOR = "the description names no user"


def recognises(opened: Opened) -> bool:
    """Return whether the headings, or the sentences of the descriptions, are Moodle's."""
    if opened.is_json:
        return any(_is_bare(row) for row in opened.first_rows[:5]) or _is_json_table(opened)
    if not has_columns(opened, HEADINGS, _REQUIRED, within=3):
        return False
    return any(_ACTOR.search(field) for row in opened.first_rows for field in row) or has_columns(
        opened, HEADINGS, ("component", "event"), within=3
    )


def _is_json_table(opened: Opened) -> bool:
    rows = opened.first_rows
    return has_columns(opened, HEADINGS, _REQUIRED, within=1) and any(
        _ACTOR.search(field) for row in rows for field in row
    )


def _is_bare(row: Sequence[str]) -> bool:
    """Return whether a row is from Moodle's JSON without headings: a time comes first."""
    return (
        len(row) >= _BARE_WIDTH
        and row[0][:1].isdigit()
        and any(_ACTOR.match(field) for field in row[1:])
    )


def _rows(opened: Opened) -> Iterator[TableRow | RefusedRow]:
    """Yield the rows by our names; in JSON without headings, by the fields' contents."""
    if not (opened.is_json and any(_is_bare(row) for row in opened.first_rows[:5])):
        yield from read_table(opened, HEADINGS, _REQUIRED)
        return
    for record in opened.rows():
        description = next((each for each in record.fields if _ACTOR.match(each)), "")
        if record.reason or len(record.fields) < _BARE_WIDTH:
            yield RefusedRow(record.line, record.reason or SHORT)
        else:
            yield TableRow(record.line, {"time": record.fields[0], "description": description})


def read(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read the report. Raises ``FeedError`` where no row of it can be used, in one sentence."""
    _check_head(opened)
    for row in _rows(opened):
        yield row if isinstance(row, RefusedRow) else _event(row, declared, opened.name)


def _check_head(opened: Opened) -> None:
    """Refuse a report whose ids were replaced, or whose times have no year."""
    rows = [row for row in _sample(opened) if isinstance(row, TableRow)]
    actors = [match[1] for row in rows if (match := _ACTOR.search(row.values["description"]))]
    no_ids = bool(actors) and not any(_is_id(actor) for actor in actors)
    no_year = bool(rows) and not any(_YEAR.search(row.values["time"]) for row in rows)
    if no_ids or no_year:
        faults = " and ".join(
            ["the times have no year"] * no_year + ["the descriptions have no user ids"] * no_ids
        )
        raise FeedError(
            f"{opened.name} is a Moodle log report, but {faults}. "
            "Export it again with full dates and without anonymising. Nothing was loaded."
        )


def _sample(opened: Opened) -> list[TableRow | RefusedRow]:
    rows = _rows(opened)
    return [row for row, _ in zip(rows, range(50), strict=False)]


def _is_id(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _event(row: TableRow, declared: Declared, name: str) -> Item:
    description = row.values["description"]
    actor = _ACTOR.search(description)
    if not actor or not _is_id(actor[1]):
        return RefusedRow(row.line, NO_ACTOR)
    if int(actor[1]) <= 0:
        return Passed(row.line, SYSTEM)
    label, passed = next(
        ((label, why) for pattern, label, why in _SENTENCES if pattern.search(description)),
        ("", OTHER),
    )
    if passed:
        return Passed(row.line, passed)
    who = (("moodle", actor[1]), ("vle", actor[1]))
    at = needed_dates(declared, name).read(row.values["time"])
    if at is None:
        return RefusedRow(row.line, BAD_TIME, who)
    facts: tuple[EventFact, ...] = (EventFact("vle"),)
    if label == "submitted":
        found = _OBJECT.search(description)
        facts += (EventFact("submissions", item=f"moodle-{found[1]}" if found else "moodle"),)
    return Event(row.line, who, at, label, facts)


FORMAT = Format(
    key="moodle",
    name="Moodle log report",
    recognises=recognises,
    read=read,
    columns=(
        "Time",
        "User full name",
        "Affected user",
        "Event context",
        "Component",
        "Event name",
        "Description",
        "Origin",
        "IP address",
    ),
    example_name="moodle-log.csv",
    tried=Tried.SHAPE,
    keeps=Keeps(is_heading_of(HEADINGS)),
    needs=frozenset({Need.DATES, Need.MODULE}),
    example_options={"dates": "day-first"},
)
