"""Read what a student's own page shows of them, by a link or signed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.encryption import Encryption
from store.queries.students.messages import (
    Preference,
    SayingWords,
    preference_of,
    words_of,
)
from store.queries.students.own_data import OwnData, own_data
from store.rules.letters.letter import Language


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What a student's own page shows of them."""

    data: OwnData
    said: Sequence[SayingWords]
    preference: Preference


def read_own_page(
    connection: sa.Connection,
    seal: Encryption,
    student: int,
    today: dt.date,
    language: Language = Language.ENGLISH,
) -> OwnPage:
    """Return what a student's own page shows; the caller has audited the access."""
    return OwnPage(
        own_data(connection, student, today, language),
        words_of(connection, seal, student),
        preference_of(connection, student),
    )
