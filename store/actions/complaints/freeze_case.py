"""Freeze a case as text with a fingerprint, so that later changes to it can be detected."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from store.encryption import Encryption
from store.queries.schools.staff import School, all_schools
from store.rules.cases.frozen_evidence import evidence_fingerprint
from store.tables import (
    alerts,
    asks,
    attempts,
    audit,
    cases,
    complaints,
    emergencies,
    exemptions,
    fitness,
    flags,
    interventions,
    outreach,
    referrals,
    remarks,
    replies,
    sayings,
    staff,
    students,
    views,
    wordings,
)

_ON_A_CASE = (
    flags,
    views,
    interventions,
    referrals,
    asks,
    remarks,
    attempts,
    emergencies,
    fitness,
    alerts,
    outreach,
    replies,
    sayings,
)

_SEALED = {"replies": ("body",), "sayings": ("words", "answer")}
"""Sealed columns, which are decrypted so that the evidence can be read without Lantern."""


def freeze_case(
    connection: sa.Connection, seal: Encryption, case_id: int, now: dt.datetime
) -> tuple[str, str]:
    """Return everything on a case as canonical JSON, with its fingerprint.

    The student is named by number and colleagues by name, and sealed fields are decrypted, so that
    it can be read without Lantern. The caller must therefore store the text sealed.
    """
    case = _row(connection, cases, cases.c.id == case_id)
    student = connection.execute(
        sa.select(students.c.number).where(students.c.id == case["student_id"])
    ).scalar_one()
    found: dict[str, Any] = {
        "frozen_at": now,
        "student_number": student,
        "case": case,
        "exemptions": _rows(connection, exemptions, exemptions.c.student_id == case["student_id"]),
        # For earlier complaints the fingerprint is enough, without the evidence inside the
        # evidence.
        "complaints": [
            {name: value for name, value in row.items() if name != "evidence"}
            for row in _rows(connection, complaints, complaints.c.case_id == case_id)
        ],
        "audit": _rows(connection, audit, audit.c.subject == f"case:{case_id}"),
    }
    for table in _ON_A_CASE:
        found[table.name] = _rows(connection, table, table.c.case_id == case_id)
    for table_name, columns in _SEALED.items():
        for row in found[table_name]:
            row |= {name: seal.open(row[name]) for name in columns if row[name]}
    mails = [row["id"] for row in found["outreach"]]
    found["wordings"] = _rows(connection, wordings, wordings.c.outreach_id.in_(mails))
    found["schools"] = {
        str(school.id): school.name
        for school in all_schools(connection)
        if _mentions(found, school)
    }
    found["staff"] = dict(
        connection.execute(
            sa.select(sa.cast(staff.c.id, sa.Text), staff.c.name).where(
                staff.c.id.in_(_people(found))
            )
        ).all()
    )
    text = canonical_json(found)
    return text, evidence_fingerprint(text)


def canonical_json(found: dict[str, Any]) -> str:
    """Write JSON in its one canonical form."""
    return json.dumps(found, sort_keys=True, separators=(",", ":"), default=_plain)


def _row(
    connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]
) -> dict[str, Any]:
    (row,) = _rows(connection, table, which)
    return row


def _rows(
    connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    query = sa.select(table).where(which).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    raise TypeError(f"evidence cannot hold a {type(value).__name__}")


def _mentions(found: dict[str, Any], school: School) -> bool:
    ids = {found["case"]["school_id"]}
    for table in ("flags", "exemptions", "alerts"):
        for row in found[table]:
            ids |= {row.get("school_id"), row.get("from_school_id"), row.get("to_school_id")}
    return school.id in ids


_PEOPLE = frozenset(
    {
        "owner_id",
        "author_id",
        "asker_id",
        "asked_id",
        "used_by",
        "reviewed_by",
        "decided_by",
        "alerted_by",
        "acknowledged_by",
        "answered_by",
        "drafter_id",
        "approver_id",
        "opened_by",
        "recorded_by",
        "about_id",
        "handler_id",
        "resolved_by",
        "by_staff_id",
    }
)


def _people(found: dict[str, Any]) -> list[int]:
    """Return every member of staff named by id in the evidence."""
    rows = [found["case"]]
    for name in ("exemptions", "complaints", "wordings", *(table.name for table in _ON_A_CASE)):
        rows += found[name]
    ids = {row.get(name) for row in rows for name in _PEOPLE}
    ids |= {writer for row in found["outreach"] for writer in row["writers"]}
    ids |= {
        int(row["actor"].removeprefix("staff:"))
        for row in found["audit"]
        if row["actor"].startswith("staff:")
    }
    return sorted(person for person in ids if person is not None)
