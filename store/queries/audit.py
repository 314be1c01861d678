"""Read the audit for people: who did what to what, newest first, with names instead of ids."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.audit import Detail, check_values, readable
from store.rules.access.audit_words import HIDDEN
from store.rules.cases.reference import as_reference
from store.rules.errors import AuditDamaged
from store.tables import audit, cases, schools, staff


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row of the audit, with names. ``action`` is the stored code; ``did`` puts it in words.

    ``details`` are states, counts and digests. Ids of colleagues, schools and cases are shown as
    names here; other ids are left out.
    """

    seq: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    details: tuple[tuple[str, Detail], ...]


def audit_lines(
    connection: sa.Connection, *, before: int | None = None, about: str = "", limit: int = 100
) -> list[AuditLine]:
    """Return the newest rows; with ``before`` those older than that one.

    ``about`` is a case's reference, or a part of a colleague's name: only the rows on that case,
    or of these colleagues.

    Raises:
        AuditDamaged: something else than Lantern wrote one of them.
    """
    query = sa.select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if about:
        query = query.where(_is_about(connection, about))
    if before is not None:
        query = query.where(audit.c.seq < before)
    with readable():
        rows = connection.execute(query).all()
        for row in rows:
            check_values(row._asdict())
    words = [word for row in rows for word in (row.actor, row.subject, *_meant(row.details))]
    names = _names(connection, words)
    return [
        AuditLine(
            row.seq,
            row.at,
            names.get(row.actor) or _plain(row.actor),
            row.action,
            names.get(row.subject) or _plain(row.subject),
            tuple(
                (key, names.get(_word(key, value), value))
                for key, value in sorted(row.details.items())
                if key not in _UNSEEN | HIDDEN
            ),
        )
        for row in rows
    ]


def _is_about(connection: sa.Connection, about: str) -> sa.ColumnElement[bool]:
    reference = as_reference(about)
    on_case = connection.execute(
        sa.select(cases.c.id).where(cases.c.reference == reference)
    ).scalars()
    people = connection.execute(
        sa.select(staff.c.id).where(staff.c.name.icontains(about.strip(), autoescape=True))
    ).scalars()
    return sa.or_(
        audit.c.subject.in_([f"case:{each}" for each in on_case]),
        audit.c.actor.in_([f"staff:{each}" for each in people]),
    )


def acts_since(connection: sa.Connection, seq: int) -> list[tuple[str, str, str]]:
    """Return (actor, action, subject) as stored, of every row after this one, oldest first."""
    rows = connection.execute(
        sa.select(audit.c.actor, audit.c.action, audit.c.subject)
        .where(audit.c.seq > seq)
        .order_by(audit.c.seq)
    )
    return [(row.actor, row.action, row.subject) for row in rows]


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of the audit as it is stored: ids, states, counts and digests, and no name.

    ``values`` are those of its columns after ``seq``, by name. ``unreadable`` names the columns
    whose value Lantern did not write and cannot read, for which None stands.
    """

    seq: int
    values: Mapping[str, Any]
    unreadable: tuple[str, ...] = ()


def stored_rows(
    connection: sa.Connection, *, after: int = 0, since: dt.datetime | None = None
) -> Iterator[StoredRow]:
    """Yield each row after this one, from the first that is not older than ``since``, oldest first.

    The first and not each: a later row whose time was edited is not passed over.
    """
    query = sa.select(audit.c.seq).where(audit.c.seq > after).order_by(audit.c.seq)
    if since is not None:
        first = sa.select(sa.func.min(audit.c.seq)).where(audit.c.at >= since)
        query = query.where(audit.c.seq >= first.scalar_subquery())
    numbers = connection.scalars(query).all()
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        try:
            yield from _read(connection, some)
        except AuditDamaged:
            for seq in some:
                yield _read_each_value(connection, seq)


_AT_ONCE = 1000
_VALUES = [column for column in audit.c if column is not audit.c.seq]


def _read(connection: sa.Connection, numbers: Sequence[int]) -> list[StoredRow]:
    query = sa.select(*_VALUES).where(audit.c.seq.between(numbers[0], numbers[-1]))
    with readable():
        values = [dict(row) for row in connection.execute(query.order_by(audit.c.seq)).mappings()]
        for each in values:
            check_values(each)
            json.dumps(each["details"], allow_nan=False)
    return [StoredRow(seq, each) for seq, each in zip(numbers, values, strict=True)]


def _read_each_value(connection: sa.Connection, seq: int) -> StoredRow:
    values: dict[str, Any] = {}
    for column in _VALUES:
        try:
            with readable():
                query = sa.select(column).where(audit.c.seq == seq)
                value = connection.execute(query).scalar_one()
                check_values({column.name: value})
                if column is audit.c.details:
                    json.dumps(value, allow_nan=False)
                values[column.name] = value
        except AuditDamaged:
            values[column.name] = None
    return StoredRow(seq, values, tuple(name for name, value in values.items() if value is None))


def newest_row(connection: sa.Connection) -> int:
    """Return the number of the newest row; 0 before the first."""
    return int(
        connection.execute(sa.select(sa.func.coalesce(sa.func.max(audit.c.seq), 0))).scalar_one()
    )


_NAMED = {
    "staff": (staff.c.id, staff.c.name),
    "case": (cases.c.id, cases.c.reference),
    "school": (schools.c.id, schools.c.name),
}


_DETAILS = {
    **dict.fromkeys(("previous", "owner", "about", "handler", "approver", "asked"), "staff"),
    **dict.fromkeys(("absent", "cover", "staff"), "staff"),
    **dict.fromkeys(("school", "from_school", "to_school"), "school"),
    "into": "case",
}
"""What kind of id is stored under a name in the details."""

_UNSEEN = frozenset(
    (
        *("data_request", "harm_mark", "outreach", "emergency", "saying", "complaint"),
        *("remark", "ask", "attempt", "alert", "newest"),
    )
)
"""Details that are numbers of the database and mean nothing to a reader."""

_KINDS = {
    "student": "a student",
    "staff": "a former colleague",
    "case": "an erased case",
    "channel": "a channel",
    "hold": "a question about the data",
}


def _meant(details: Mapping[str, Detail]) -> list[str]:
    return [_word(key, value) for key, value in details.items()]


def _word(key: str, value: Detail) -> str:
    """Return ``staff:7`` for an id; '' for what is not one."""
    is_id = isinstance(value, int) and not isinstance(value, bool)
    return f"{_DETAILS[key]}:{value}" if is_id and key in _DETAILS else ""


def _names(connection: sa.Connection, words: Iterable[str]) -> Mapping[str, str]:
    wanted: dict[str, set[int]] = {}
    for word in words:
        kind, _, number = word.partition(":")
        if kind in _NAMED and number.isdecimal():
            wanted.setdefault(kind, set()).add(int(number))
    names: dict[str, str] = {}
    for kind, ids in wanted.items():
        key, name = _NAMED[kind]
        rows = connection.execute(sa.select(key, name).where(key.in_(ids)))
        names |= {f"{kind}:{number}": said for number, said in rows}
    return names


def _plain(word: str) -> str:
    """Return a subject in words, such as Lantern (screening); a student is never named here."""
    kind, _, rest = word.partition(":")
    if kind == "system":
        return f"Lantern ({rest})"
    return _KINDS.get(kind) or word.replace(":", " ")
