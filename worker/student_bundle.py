"""Write everything on a student into a folder that can be given to them (§28).

``export.html`` to read, ``export.json`` with ``schema.json`` for programs, ``activity.csv`` and its
chart, each document that the student sent. For the officer alone: ``taken-out.csv``, where other
people were taken out, and who they are; and ``may-do-harm.csv``, where words are marked that may do
serious harm: these words, and what the officer decided on each.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from bot.student.export_chart import activity_chart
from bot.student.export_page import export_page, heading, section_title
from integrations.activity.one_student import ActivityRow
from integrations.feeds.ledger.privacy import DeliveredRow
from store.actions.privacy.export_student import StudentExport
from store.queries.privacy.held import MarkedWords, Redaction
from store.queries.privacy.names import ANOTHER_STUDENT
from store.rules.errors import InvalidInput
from store.rules.students.third_parties import A_PHONE_NUMBER, AN_ADDRESS
from store.rules.text.formatting import csv_safe

_DOCUMENTS = "absence_requests"
"""The table of requests that come with documents."""

FORMAT = 1
"""Of ``export.json``; it rises when a program that reads it has to change."""


def write_bundle(
    folder: Path,
    export: StudentExport,
    activity: Sequence[ActivityRow],
    delivered: Sequence[DeliveredRow] = (),
) -> tuple[Path, ...]:
    """Write the files, readable only by the folder's owner, and return their paths.

    Raises:
        InvalidInput: the folder holds something already, or cannot be written.
    """
    held, documents = _with_documents(export.held.tables)
    tables: dict[str, Sequence[Mapping[str, Any]]] = {
        **held,
        "looks": [_plain(asdict(look)) for look in export.looks],
        "activity": _by_title(export.titles, [_plain(asdict(row)) for row in activity]),
        "delivered": [_plain(asdict(row)) for row in delivered],
    }
    made_at = f"{export.made_at:%Y-%m-%d %H:%M} UTC"
    whole = {
        "format": FORMAT,
        "number": export.number,
        "made_at": export.made_at.isoformat(),
        "tables": tables,
    }
    contents = {
        "export.html": export_page(export.number, made_at, tables),
        "export.json": json.dumps(whole, ensure_ascii=False, indent=1),
        "schema.json": json.dumps(_schema(tables), indent=1),
        "activity.svg": activity_chart(activity, export.titles),
        "activity.csv": _csv([each.name for each in fields(ActivityRow)], map(_values, activity)),
        "taken-out.csv": _csv(_TAKEN_OUT, map(_taken_out, export.held.redactions)),
    }
    if export.held.marked:
        contents["may-do-harm.csv"] = _csv(_HARM, map(_marked, export.held.marked))
    make_folder(folder)
    try:
        for name, content in {**_encoded(contents), **documents}.items():
            path = folder / name
            path.touch(mode=0o600)
            path.write_bytes(content)
    except OSError as error:
        raise _cannot_be_written(error) from None
    return tuple(folder / name for name in (*contents, *documents))


def _encoded(contents: Mapping[str, str]) -> dict[str, bytes]:
    return {name: content.encode() for name, content in contents.items()}


def _with_documents(
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
) -> tuple[dict[str, Sequence[Mapping[str, Any]]], dict[str, bytes]]:
    """Return the tables, with the name of a file in place of each document, and those files."""
    documents: dict[str, bytes] = {}
    rows = []
    for number, row in enumerate(tables.get(_DOCUMENTS, ()), start=1):
        if row.get("document"):
            name = f"document-{number}.{row['document_kind']}"
            documents[name] = base64.b64decode(row["document"])
            rows.append({**row, "document": name})
        else:
            rows.append(dict(row))
    return {**tables, **({_DOCUMENTS: rows} if rows else {})}, documents


def make_folder(folder: Path) -> None:
    """Make the folder, readable only by its owner, before any data is collected or recorded.

    Raises:
        InvalidInput: the folder holds something already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise InvalidInput("The folder of --to is not empty. Name a new one.")
    except OSError as error:
        raise _cannot_be_written(error) from None


def _cannot_be_written(error: OSError) -> InvalidInput:
    return InvalidInput(
        f"The folder of --to cannot be written: {error.strerror}. Name another folder."
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row.items()
    }


def _by_title(
    titles: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    return [{**row, "module": titles.get(row["module"], row["module"])} for row in rows]


_TAKEN_OUT = ("part of the page", "number", "text", "taken out", "in its place", "why")


_WHY = {
    ANOTHER_STUDENT: "another student's data",
    AN_ADDRESS: "an address of someone else",
    A_PHONE_NUMBER: "a number of someone else",
    "": "still there: a part of the name of a colleague or of someone on the same module",
}


def _taken_out(each: Redaction) -> Iterable[object]:
    why = _WHY.get(each.instead, "colleagues are named by their role")
    return section_title(each.table), each.row, heading(each.column), each.words, each.instead, why


_HARM = (
    "part of the page",
    "words",
    "text",
    "decision",
    "reason",
    "decided by",
    "marked by",
    "reason for the mark",
)


def _marked(each: MarkedWords) -> Iterable[object]:
    mark = each.mark
    decision = {None: "to decide", True: "given", False: "withheld"}[mark.gives]
    place = f"{each.table}/{each.row}"
    return (
        section_title(each.table),
        place,
        mark.words,
        decision,
        mark.decision,
        mark.decided_by,
        mark.by,
        mark.why,
    )


def _values(row: ActivityRow) -> Iterable[object]:
    return _plain(asdict(row)).values()


def _csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in which no value is taken for a formula when a spreadsheet opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([csv_safe(str(value)) for value in row] for row in rows)
    return out.getvalue()


def _schema(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Describe ``export.json`` in JSON Schema: each table, and its columns."""
    value = {"type": ["string", "integer", "number", "boolean", "array", "object", "null"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Everything that Lantern holds on one student",
        "type": "object",
        "required": ["format", "number", "made_at", "tables"],
        "properties": {
            "format": {"const": FORMAT},
            "number": {"type": "string"},
            "made_at": {"type": "string", "format": "date-time"},
            "tables": {
                "type": "object",
                "properties": {
                    name: {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {column: value for row in rows for column in row},
                            "additionalProperties": False,
                        },
                    }
                    for name, rows in tables.items()
                },
                "additionalProperties": False,
            },
        },
    }
