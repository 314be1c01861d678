"""Freeze a case as text with a fingerprint, so that later changes to it can be detected."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import keys_of, know_keys, open_notes, open_words
from store.db.together import Together
from store.queries.schools.staff import School
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
    schools,
    staff,
    student_keys,
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

_SEALED = {
    "views": ("reason",),
    "interventions": ("note",),
    "referrals": ("note",),
    "remarks": ("body",),
    "attempts": ("note",),
    "replies": ("body",),
    "sayings": ("words", "answer"),
    "emergencies": ("why", "review"),
    "fitness": ("why", "summary"),
    "alerts": ("why",),
    "complaints": ("summary", "resolution"),
    "outreach": ("subject", "body", "footer"),
    "wordings": ("subject", "body"),
    "case": ("outcome_note",),
}
_WORDS = frozenset({"replies", "sayings"})
"""Sealed columns, which are decrypted so that the evidence can be read without Lantern."""


def freeze_case(connection: sa.Connection, case_id: int, now: dt.datetime) -> tuple[str, str]:
    """Return everything on a case as canonical JSON, with its fingerprint.

    The student is named by number and colleagues by name, and sealed fields are decrypted, so that
    it can be read without Lantern. The caller must therefore store the text sealed.
    """
    asked = _everything()
    values = {"case": case_id, "subject": f"case:{case_id}"}
    rows = dict(zip(asked, Together(*asked.values()).rows(connection, values), strict=True))
    know_keys(connection, rows.pop("keys"))
    every_school = [School(*row) for row in rows.pop("schools")]
    found: dict[str, Any] = {
        name: [dict(row._mapping) for row in each] for name, each in rows.items()
    }
    (student,) = found.pop("student")
    found |= {"frozen_at": now, "student_number": student["number"]}
    for table_name, columns in _SEALED.items():
        for row in found[table_name]:
            row |= {name: _opened(connection, table_name, row[name]) for name in columns}
    (found["case"],) = found["case"]
    found["schools"] = {
        str(school.id): school.name for school in every_school if _mentions(found, school)
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
    """Write JSON in one canonical form, so that the same content gives the same fingerprint."""
    return json.dumps(found, sort_keys=True, separators=(",", ":"), default=_plain)


@cache
def _everything() -> dict[str, sa.Select[Any]]:
    """Build the query for everything on ``case`` and its student, by name; and for every school."""
    case: sa.BindParameter[int] = sa.bindparam("case", type_=sa.BigInteger)
    of_student = sa.select(cases.c.student_id).where(cases.c.id == case).scalar_subquery()
    mails = sa.select(outreach.c.id).where(outreach.c.case_id == case)
    which = {
        "case": (cases, cases.c.id == case),
        "exemptions": (exemptions, exemptions.c.student_id == of_student),
        "audit": (audit, audit.c.subject == sa.bindparam("subject", type_=sa.Text)),
        "wordings": (wordings, wordings.c.outreach_id.in_(mails)),
        **{table.name: (table, table.c.case_id == case) for table in _ON_A_CASE},
    }
    # For earlier complaints the fingerprint is enough, without the evidence inside the evidence.
    earlier = [column for column in complaints.c if column is not complaints.c.evidence]
    return {
        **{
            name: sa.select(table).where(here).order_by(*table.primary_key)
            for name, (table, here) in which.items()
        },
        "complaints": sa.select(*earlier)
        .where(complaints.c.case_id == case)
        .order_by(complaints.c.id),
        "student": sa.select(students.c.number).where(students.c.id == of_student),
        "keys": keys_of(student_keys.c.student_id == of_student),
        "schools": sa.select(schools.c.id, schools.c.code, schools.c.name).order_by(schools.c.code),
    }


def _opened(connection: sa.Connection, table: str, words: str) -> str:
    if table in _WORDS:
        return open_words(connection, words)
    return open_notes(connection, [words])[0]


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
