"""Check that a student's answer was read before we write to them, or close their case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each, shown_together
from store.queries.contacts import answered_on
from store.queries.readiness.check_contact import Moment
from store.rules.access.disclosures import SHOWS_NO_READER, Shows
from store.rules.cases.case import Case
from store.rules.errors import NotPossibleNow
from store.rules.model import AnswerKind
from store.tables import audit, replies, sayings


def is_answer_unread(connection: sa.Connection, case: Case, reader: int | None = None) -> bool:
    """Return whether the newest answer on a case is still unread: by ``reader``, or by everyone."""
    answered_at = answered_on(connection, case.student, case.id)
    if answered_at is None:
        return False
    read = {row.actor for row in _readings(connection, case.id) if row.at >= answered_at}
    return f"staff:{reader}" not in read if reader else not read


def new_answers(
    connection: sa.Connection, these: Collection[int], reader: int
) -> Mapping[int, int]:
    """Count the answers on each case since ``reader`` last read them; cases without any are left
    out."""
    shown_together(connection, Of.CASE, these)
    came = sa.union_all(
        sa.select(replies.c.case_id, replies.c.received_at.label("at")).where(
            replies.c.kind == AnswerKind.ANSWER, replies.c.case_id.in_(these)
        ),
        sa.select(sayings.c.case_id, sayings.c.at).where(sayings.c.case_id.in_(these)),
    )
    found: Counter[int] = Counter()
    for case, at in connection.execute(came):
        looks = [row.at for row in _readings(connection, case) if row.actor == f"staff:{reader}"]
        found[case] += not looks or at > max(looks)
    return +found


@read_each(Of.CASE)
def _readings(connection: sa.Connection, these: Collection[int]) -> Mapping[int, tuple[Any, ...]]:
    """Return when colleagues read answers on a case: the rows of the audit."""
    rows = connection.execute(
        sa.select(audit.c.subject, audit.c.at, audit.c.actor, audit.c.details).where(
            audit.c.subject.in_([f"case:{case}" for case in these]),
            audit.c.details["shows"].as_string().contains(Shows.ANSWERS),
            audit.c.actor.like("staff:%"),
        )
    )
    found: dict[str, list[Any]] = {f"case:{case}": [] for case in these}
    for row in rows:
        if row.details.get("purpose") not in SHOWS_NO_READER:
            found[row.subject].append(row)
    return {case: tuple(found[f"case:{case}"]) for case in these}


def check_answer_read(work: Moment, case: Case, reader: int | None = None) -> None:
    """Check that ``reader``, or anyone, has read the newest answer on the case.

    Raises ``NotPossibleNow`` where they have not, with how to read it.
    """
    if is_answer_unread(work.connection, case, reader):
        who = "you have not read it" if reader else "no one has read it"
        raise NotPossibleNow(
            f"{case.reference}: the student has answered, and {who} yet. Read the answer first, "
            "with Read answer on the card."
        )
