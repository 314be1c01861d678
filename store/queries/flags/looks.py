"""List who is worth a look today, for their home school: no one who is cared for already."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.letters.welsh_reasons import in_welsh
from store.queries.deaths import lives
from store.queries.module_titles import names_of, titled
from store.rules.flag_rules.looks import LookKind
from store.rules.model import FlagState, MarkerFamily
from store.tables import (
    CASE_IS_OPEN,
    adjustments,
    cases,
    complaints,
    exemptions,
    flags,
    modules,
    preferences,
    students,
)
from store.tables import worth_a_look as looks


@dataclass(frozen=True, slots=True)
class LookCount:
    """How many students are worth a look in a module, for one reason. Names no one."""

    kind: LookKind
    module: str
    """The module's title."""
    due: dt.date
    """Of the first work; of late work, of the oldest piece."""
    unseen_days: int
    students: int


@dataclass(frozen=True, slots=True)
class NamedLook:
    """A student who is worth a look, by name, with what was seen in words."""

    student: int
    number: str
    name: str
    reasons: tuple[str, ...]


def count_looks(
    connection: sa.Connection, school_ids: Collection[int], day: dt.date
) -> tuple[LookCount, ...]:
    """Count who is worth a look on the morning of ``day``, first work before late work."""
    asked = sa.select(*_WHAT, modules.c.title).outerjoin(modules, modules.c.code == looks.c.module)
    rows = connection.execute(asked.where(*_is_told(school_ids, day))).all()
    titles = names_of({row.module: row.title or "" for row in rows})
    of: dict[tuple[LookKind, str, dt.date | None, int], dict[int, dt.date]] = defaultdict(dict)
    for row in rows:
        kind = LookKind(row.kind)
        # Pieces of late work are one line, whatever day each was due.
        due = row.due if kind is LookKind.FIRST_WORK else None
        who = of[kind, titles[row.module], due, row.unseen_days]
        who[row.student_id] = min(row.due, who.get(row.student_id, row.due))
    found = [
        LookCount(kind, module, due or min(who.values()), unseen, len(who))
        for (kind, module, due, unseen), who in of.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.kind, each.due, each.module)))


def named_looks(
    connection: sa.Connection, school_ids: Collection[int], day: dt.date
) -> list[NamedLook]:
    """Return who is worth a look on the morning of ``day``, by family name; for those who may look
    up students of these schools. The caller records that they are shown.
    """
    asked = (
        sa.select(
            *_WHAT,
            looks.c.reason_staff,
            modules.c.title,
            students.c.number,
            students.c.given_name,
            students.c.family_name,
        )
        .join(students, students.c.id == looks.c.student_id)
        .outerjoin(modules, modules.c.code == looks.c.module)
        .where(*_is_told(school_ids, day))
        .order_by(
            students.c.family_name,
            students.c.given_name,
            looks.c.student_id,
            looks.c.due,
        )
    )
    rows = connection.execute(asked).all()
    titles = names_of({row.module: row.title or "" for row in rows})
    reasons: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        reasons[row.student_id].append(titled(row.reason_staff, row.module, titles))
    return [
        NamedLook(
            row.student_id,
            row.number,
            f"{row.given_name} {row.family_name}",
            tuple(reasons[row.student_id]),
        )
        for row in {row.student_id: row for row in rows}.values()
    ]


def own_looks(connection: sa.Connection, student: int, day: dt.date) -> tuple[tuple[str, str], ...]:
    """Return what colleagues may read of a student in this morning's fold, in words for them:
    in English, and in Welsh or '' where that is not known.
    """
    asked = (
        sa.select(looks.c.module, looks.c.item, looks.c.reason_student, modules.c.title)
        .outerjoin(modules, modules.c.code == looks.c.module)
        .where(looks.c.student_id == student, *_still_stands(day))
        .order_by(looks.c.due, looks.c.id)
    )
    rows: Sequence[sa.Row[str, str, str, str]] = connection.execute(asked).all()
    titles = names_of({row.module: row.title or "" for row in rows})
    return tuple(
        (
            titled(row.reason_student, row.module, titles),
            titled(in_welsh(row.reason_student, row.module, row.item) or "", row.module, titles),
        )
        for row in rows
    )


_WHAT = (
    looks.c.student_id,
    looks.c.kind,
    looks.c.module,
    looks.c.due,
    looks.c.unseen_days,
)


def _is_told(school_ids: Collection[int], day: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for the looks that these home schools are told of."""
    of_these = sa.select(students.c.id).where(students.c.home_school_id.in_(school_ids))
    return (looks.c.student_id.in_(of_these), *_still_stands(day))


def _still_stands(day: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that a look is of this morning and still stands.

    A student with a case or an active flag is cared for already. One with an open complaint, one
    who asked for no emails about engagement, and one who is not expected to work on this day or
    the day the work is due is let alone.
    """
    who = looks.c.student_id
    complaining = (
        sa.select(cases.c.id)
        .join(complaints, complaints.c.case_id == cases.c.id)
        .where(cases.c.student_id == who, complaints.c.resolved_at.is_(None))
    )
    exempt = sa.select(exemptions.c.id).where(
        exemptions.c.student_id == who,
        exemptions.c.ended_at.is_(None),
        (exemptions.c.first <= day) | (exemptions.c.first <= looks.c.due),
        exemptions.c.last.is_(None)
        | (exemptions.c.last >= day)
        | (exemptions.c.last >= looks.c.due),
    )
    adjusted = sa.select(adjustments.c.id).where(
        adjustments.c.student_id == who,
        adjustments.c.family == MarkerFamily.SUBMISSIONS,
        adjustments.c.ended_at.is_(None),
        adjustments.c.first <= looks.c.due,
        adjustments.c.last >= looks.c.due,
    )
    return (
        looks.c.day == day,
        lives(who),
        ~sa.exists().where(cases.c.student_id == who, CASE_IS_OPEN),
        ~sa.exists().where(flags.c.student_id == who, flags.c.state == FlagState.ACTIVE),
        ~sa.exists().where(
            preferences.c.student_id == who, preferences.c.opted_out_at.is_not(None)
        ),
        ~complaining.exists(),
        ~exempt.exists(),
        ~adjusted.exists(),
    )
