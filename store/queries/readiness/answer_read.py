"""Check that a student's answer was read before we write to them, or close their case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.db.together import Together
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


_THESE: sa.BindParameter[list[int]] = sa.bindparam("these", expanding=True)

_CAME = sa.union_all(
    sa.select(replies.c.case_id, replies.c.received_at.label("at")).where(
        replies.c.kind == AnswerKind.ANSWER, replies.c.case_id.in_(_THESE)
    ),
    sa.select(sayings.c.case_id, sayings.c.at).where(sayings.c.case_id.in_(_THESE)),
)
_READ = sa.select(audit.c.subject, audit.c.at, audit.c.actor, audit.c.details).where(
    audit.c.subject.in_(sa.bindparam("subjects", expanding=True)),
    audit.c.details["shows"].as_string().contains(Shows.ANSWERS),
    audit.c.actor.like("staff:%"),
)
_CAME_AND_READ = Together(_CAME, _READ)


def new_answers(
    connection: sa.Connection, these: Collection[int], reader: int
) -> Mapping[int, int]:
    """Count the answers on each case since ``reader`` last read them; cases without any are left
    out."""
    if not these:
        return {}
    came, looks = _CAME_AND_READ.rows(
        connection, {"these": [*these], "subjects": [_subject(case) for case in these]}
    )
    own = [row for row in looks if row.actor == f"staff:{reader}"]
    # In the order of time, so that the last one stays.
    read_at = {row.subject: row.at for row in sorted(_shown_to_readers(own), key=lambda r: r.at)}
    found: Counter[int] = Counter()
    for row in came:
        last = read_at.get(_subject(row.case_id))
        found[row.case_id] += last is None or row.at > last
    return +found


@read_each(Of.CASE)
def _readings(connection: sa.Connection, these: Collection[int]) -> Mapping[int, tuple[Any, ...]]:
    """Return when colleagues read answers on a case: the rows of the audit."""
    subjects = [_subject(case) for case in these]
    rows = _shown_to_readers(connection.execute(_READ, {"subjects": subjects}))
    found: dict[str, list[Any]] = {subject: [] for subject in subjects}
    for row in rows:
        found[row.subject].append(row)
    return {case: tuple(found[_subject(case)]) for case in these}


def _shown_to_readers(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.details.get("purpose") not in SHOWS_NO_READER]


def _subject(case: int) -> str:
    """Return how the audit names a case."""
    return f"case:{case}"


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
