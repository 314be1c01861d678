"""Read who saw which data of a student, and for what purpose, from audit and access log (§28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import open_notes
from store.rules.access.confidentiality import RevealPurpose
from store.rules.access.disclosures import Implied
from store.tables import audit, cases, reveals, staff

_CARD = "the case, without a name"
"""What an audited look is taken to have shown where its row does not say."""


@dataclass(frozen=True, slots=True)
class Viewing:
    """One occasion on which a person was shown data of a student.

    ``case`` is a reference; '' where the student was viewed without a case. ``why`` is in the
    person's own words; '' where there are none. ``code`` is the purpose as the audit has it.
    """

    at: dt.datetime
    who: str
    shows: str
    purpose: str
    case: str = ""
    why: str = ""
    code: str = ""


def who_saw(
    connection: sa.Connection, student: int, called: Mapping[int, str] | None = None
) -> list[Viewing]:
    """Return every recorded look at the student or at one of their cases, newest first.

    ``called`` maps colleagues' ids to how they are named; without it their names are used.
    """
    references = {
        f"case:{row.id}": row.reference
        for row in connection.execute(
            sa.select(cases.c.id, cases.c.reference).where(cases.c.student_id == student)
        )
    }
    rows = connection.execute(
        sa.select(audit.c.at, audit.c.actor, audit.c.action, audit.c.subject, audit.c.details)
        .where(audit.c.subject.in_([f"student:{student}", *references]))
        .order_by(audit.c.seq.desc())
    ).all()
    if called is None:
        called = {row.id: row.name for row in connection.execute(sa.select(staff))}
    names = {f"staff:{person}": name for person, name in called.items()}
    reasons = _reasons(connection, student)
    return [
        Viewing(
            row.at,
            names.get(row.actor) or _program(row.actor),
            str(row.details.get("shows") or _CARD),
            _purpose(_code(row.details)),
            references.get(row.subject, ""),
            reasons.get((row.subject, row.actor, row.at), ""),
            _code(row.details),
        )
        for row in rows
        if "shows" in row.details or row.action == "see"
    ]


def _reasons(connection: sa.Connection, student: int) -> dict[tuple[str, str, dt.datetime], str]:
    rows = connection.execute(
        sa.select(reveals.c.case_id, reveals.c.staff_id, reveals.c.at, reveals.c.why)
        .join(cases, cases.c.id == reveals.c.case_id)
        .where(cases.c.student_id == student, reveals.c.why != "")
    ).all()
    words = open_notes(connection, [row.why for row in rows])
    return {
        (f"case:{row.case_id}", f"staff:{row.staff_id}", row.at): why
        for row, why in zip(rows, words, strict=True)
    }


_SAID = {"reading-mail-in-the-sandbox": "reading emails in the sandbox"}
"""Labels of purposes whose stored value does not read well."""


def _code(details: Mapping[str, Any]) -> str:
    return str(details.get("purpose") or Implied.LOOKING)


def _purpose(stored: str) -> str:
    """Return the label of a ``RevealPurpose``, or an implied purpose in plain words."""
    try:
        return RevealPurpose(stored).label
    except ValueError:
        words = _SAID.get(stored, stored.replace("-", " "))
        return words[:1].upper() + words[1:]


def _program(actor: str) -> str:
    kind, _, rest = actor.partition(":")
    return f"Lantern ({rest})" if kind == "system" else "A former colleague"
