"""Read what a student's own page shows of them, by a link or signed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.queries.students.messages import (
    Preference,
    SayingWords,
    preference_of,
    words_of,
)
from store.queries.students.own_data import OwnData, own_data
from store.rules.access.confidentiality import RevealPurpose
from store.rules.letters.letter import Language
from store.rules.model import Platform
from store.rules.students.messages import ContactWay
from store.tables import channels, reveals, sayings, schools, staff, students


@dataclass(frozen=True, slots=True)
class Reading:
    """A colleague who opened a message, and when."""

    name: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What a student's own page shows of them."""

    data: OwnData
    said: Sequence[SayingWords]
    preference: Preference
    read: Mapping[int, Reading]
    """Who opened a message first, by the message's id; those that no one has read are left out."""


def read_own_page(
    connection: sa.Connection,
    student: int,
    today: dt.date,
    language: Language = Language.ENGLISH,
) -> OwnPage:
    """Return what a student's own page shows; the caller has audited the access."""
    return OwnPage(
        own_data(connection, student, today, language),
        words_of(connection, student),
        preference_of(connection, student),
        _read(connection, student),
    )


def home_school_name(connection: sa.Connection, student: int) -> str:
    """Return the name of a student's home school."""
    name: str = connection.execute(
        sa.select(schools.c.name)
        .join(students, students.c.home_school_id == schools.c.id)
        .where(students.c.id == student)
    ).scalar_one()
    return name


def ways_offered(connection: sa.Connection, student: int) -> list[ContactWay]:
    """Return the ways in which a student may ask to be contacted: a chat only where their school
    works in Teams, which students have too."""
    has_chat = connection.execute(
        sa.select(channels.c.id)
        .join(students, students.c.home_school_id == channels.c.school_id)
        .where(students.c.id == student, channels.c.platform == Platform.TEAMS)
        .limit(1)
    ).first()
    return [each for each in ContactWay if has_chat or each is not ContactWay.CHAT]


def _read(connection: sa.Connection, student: int) -> dict[int, Reading]:
    rows = connection.execute(
        sa.select(sayings.c.id, staff.c.name, reveals.c.at)
        .join(reveals, reveals.c.case_id == sayings.c.case_id)
        .join(staff, staff.c.id == reveals.c.staff_id)
        .where(
            sayings.c.student_id == student,
            reveals.c.at >= sayings.c.at,
            reveals.c.purpose.in_(RevealPurpose),
        )
        .order_by(reveals.c.at.desc(), reveals.c.id.desc())
    )
    return {row.id: Reading(row.name, row.at) for row in rows}
