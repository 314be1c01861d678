"""Seal stored words about students with their own keys; renew and destroy these keys (§28).

Everything here goes by parts, each in a transaction of its own, and can be repeated: an interrupted
command goes on where it was.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import (
    BEGUN,
    IN_USE,
    StudentKey,
    is_destroyed,
    key_of,
    make_key,
    open_document,
    open_notes,
)
from store.db.unit_of_work import Store, UnitOfWork
from store.encryption import SealBroken
from store.tables import (
    absence_requests,
    adjustments,
    alerts,
    attempts,
    automatic_replies,
    cases,
    complaints,
    data_letters,
    data_questions,
    data_requests,
    emergencies,
    fitness,
    harm_marks,
    interventions,
    metadata,
    outreach,
    preferences,
    referrals,
    remarks,
    replies,
    reveals,
    revisions,
    sayings,
    seal_checks,
    slack_installations,
    student_keys,
    students,
    views,
    wordings,
)
from store.tables.group_tables import student_groups

NOTES = (
    views.c.reason,
    interventions.c.note,
    referrals.c.note,
    remarks.c.body,
    attempts.c.note,
    emergencies.c.why,
    emergencies.c.review,
    fitness.c.why,
    fitness.c.summary,
    alerts.c.why,
    complaints.c.summary,
    complaints.c.resolution,
    cases.c.outcome_note,
    reveals.c.why,
    outreach.c.subject,
    outreach.c.body,
    outreach.c.footer,
    wordings.c.subject,
    wordings.c.body,
    automatic_replies.c.subject,
    automatic_replies.c.body,
)
"""Colleagues' words about a student and emails, which an earlier version stored in the clear."""
WORDS = (
    replies.c.body,
    sayings.c.words,
    sayings.c.answer,
    preferences.c.words,
    absence_requests.c.reason,
    absence_requests.c.document,
    adjustments.c.reason,
    complaints.c.evidence,
    data_requests.c.words,
    data_requests.c.extended_why,
    data_requests.c.answer,
    data_questions.c.words,
    data_questions.c.answer,
    data_letters.c.body,
    harm_marks.c.why,
    harm_marks.c.decision,
)
"""Students' words and documents, and what is about their health."""
_WRAPPED = (
    student_keys.c.sealed,
    student_groups.c.groups,
    slack_installations.c.token,
    slack_installations.c.refresh_token,
    seal_checks.c.sealed,
)
"""What ENCRYPTION_KEY itself seals for longer than a sign-in takes."""
_PART = 50
"""Rows of a transaction: a document may have ten megabytes."""
RETIRES_WITHIN = dt.timedelta(hours=1)
"""How long a transaction may go on that began to seal with a key before it was replaced."""
_SUBJECT, _ACTOR = "student-keys", "system:cli"


@dataclass(frozen=True, slots=True)
class Sealing:
    """How far the words are under students' keys: ``begun`` or not, texts under no key in use, and
    keys that were replaced and not destroyed yet."""

    begun: bool
    left: int
    retired: int


def sealing(connection: sa.Connection) -> Sealing:
    """Return how far the words are under students' own keys."""
    begun = sa.select(sa.exists().where(revisions.c.name == BEGUN))
    counts = [
        sa.select(sa.func.count()).select_from(_left(column).subquery()).scalar_subquery()
        for column in (*NOTES, *WORDS)
    ]
    retired = sa.select(sa.func.count()).where(student_keys.c.retired_at.is_not(None))
    asked = [each.label(f"left_{number}") for number, each in enumerate(counts)]
    row = connection.execute(
        sa.select(begun.scalar_subquery(), retired.scalar_subquery(), *asked)
    ).one()
    return Sealing(bool(row[0]), sum(row[2:]), row[1])


def seal_words(store: Store) -> int:
    """Seal all stored words with students' own keys; returns how many texts were not.

    From here on a version that does not know these keys cannot read what is written. Keys that were
    replaced an hour ago or longer are destroyed once nothing names them.
    """
    with store.unit_of_work() as work:
        known = sa.select(revisions.c.token).where(revisions.c.name == BEGUN)
        if work.connection.execute(known).first() is None:
            token = secrets.token_hex(8)
            work.connection.execute(sa.insert(revisions).values(name=BEGUN, token=token))
            work.record(_ACTOR, "begin-student-keys", _SUBJECT)
    done = sum(_seal_column(store, column) for column in (*NOTES, *WORDS))
    _destroy_retired(store, done)
    return done


def renew_keys(store: Store) -> int:
    """Give a new key to every student who has one, and seal their words with it.

    Returns how many students have a new key. The earlier ones are destroyed by ``seal_words``.
    """
    with store.unit_of_work() as work:
        in_use = sa.select(student_keys.c.student_id).where(IN_USE)
        owners = sorted(set(work.connection.execute(in_use.with_for_update()).scalars()))
        work.connection.execute(sa.update(student_keys).where(IN_USE).values(retired_at=work.now))
        for student in owners:
            make_key(work.connection, student)
        work.record(_ACTOR, "renew-student-keys", _SUBJECT, students=len(owners))
    seal_words(store)
    return len(owners)


def seal_with_newest(store: Store) -> int:
    """Seal with the newest ENCRYPTION_KEY whatever an older one sealed; returns how many texts."""
    with store.unit_of_work() as work:
        done = sum(_wrap(work, store, column) for column in _WRAPPED)
        work.record(_ACTOR, "rotate-encryption-key", _SUBJECT, texts=done)
    return done


def _wrap(work: UnitOfWork, store: Store, column: sa.Column[Any]) -> int:
    keys = list(column.table.primary_key.columns)
    rows = work.connection.execute(
        sa.select(*keys, column.label("sealed_text")).where(column != "").with_for_update()
    ).all()
    for row in rows:
        is_row = sa.and_(*(each == row[number] for number, each in enumerate(keys)))
        fresh = store.seal.close(store.seal.open(row.sealed_text))
        work.connection.execute(
            sa.update(_table(column)).where(is_row).values({column.name: fresh})
        )
    return len(rows)


def _table(column: sa.Column[Any]) -> sa.Table:
    return metadata.tables[column.table.name]


def _left(column: sa.Column[Any]) -> sa.Select[Any]:
    """Select the texts of a column that their student's key does not seal."""
    table = column.table
    (key,) = table.primary_key.columns
    in_use = (
        sa.select(sa.func.min(student_keys.c.number))
        .where(student_keys.c.student_id == students.c.id, IN_USE)
        .scalar_subquery()
    )
    named = sa.literal("key:") + sa.cast(in_use, sa.Text) + sa.literal(":%")
    query = sa.select(key.label("row_id"), students.c.id.label("student"), column.label("words"))
    owner = table if "student_id" in table.c else cases
    if table is wordings:
        query = query.join(outreach, outreach.c.id == wordings.c.outreach_id)
        query = query.join(cases, cases.c.id == outreach.c.case_id)
    elif "request_id" in table.c:
        query = query.join(data_requests, data_requests.c.id == table.c.request_id)
        owner = data_requests
    elif owner is cases and table is not cases:
        query = query.join(cases, cases.c.id == table.c.case_id)
    query = query.join(students, students.c.id == owner.c.student_id)
    return query.where(column != "", sa.or_(in_use.is_(None), column.not_like(named)))


def _seal_column(store: Store, column: sa.Column[Any]) -> int:
    (key,) = column.table.primary_key.columns
    done, after = 0, 0
    while True:
        with store.unit_of_work() as work:
            query = _left(column).where(key > after).order_by(key).limit(_PART)
            rows = work.connection.execute(query).all()
            if not rows:
                return done
            after = rows[-1].row_id
            keys: dict[int, StudentKey | None] = {}
            for row in rows:
                if row.student not in keys:
                    keys[row.student] = key_of(work.connection, row.student)
                done += _seal_row(work, column, row, keys[row.student])


def _seal_row(work: UnitOfWork, column: sa.Column[Any], row: Any, key: StudentKey | None) -> int:
    """Seal one text; 0 where it cannot be opened, or was changed meanwhile."""
    try:
        if key is None or is_destroyed(work.connection, row.words):
            return 0
        is_note = any(column is each for each in NOTES)
        # A document is no text, so the others are taken as bytes as well.
        content = (
            open_notes(work.connection, [row.words])[0].encode()
            if is_note
            else open_document(work.connection, row.words)
        )
    except SealBroken:
        return 0
    (number,) = column.table.primary_key.columns
    changed = work.connection.execute(
        sa.update(_table(column))
        .where(number == row.row_id, column == row.words)
        .values({column.name: key.close_bytes(content)})
    )
    return changed.rowcount


def _destroy_retired(store: Store, done: int) -> None:
    """Destroy replaced keys that nothing names any more; audited with what was sealed."""
    with store.unit_of_work() as work:
        old = sa.select(student_keys.c.number).where(
            student_keys.c.retired_at < work.now - RETIRES_WITHIN
        )
        gone = [
            number
            for number in work.connection.execute(old).scalars()
            if not any(_names(work, number))
        ]
        work.connection.execute(sa.delete(student_keys).where(student_keys.c.number.in_(gone)))
        if done or gone:
            work.record(_ACTOR, "seal-words", _SUBJECT, texts=done, destroyed=len(gone))


def _names(work: UnitOfWork, number: int) -> Iterator[bool]:
    for column in (*NOTES, *WORDS):
        query = sa.select(sa.literal(1)).where(column.like(f"key:{number}:%")).limit(1)
        yield work.connection.execute(query).first() is not None
