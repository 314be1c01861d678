"""Find who decides on a complaint or a use of the welfare route: the leads, or their cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.queries.cases.entries import entries_of
from store.queries.schools.staff import those_leading
from store.rules.access.deputies import Deciders, who_decides
from store.rules.cases.case import Actor, Case
from store.rules.model import Role


@dataclass(frozen=True, slots=True)
class ToReview:
    """A use of the welfare route that has not been reviewed, and who can review it."""

    id: int
    used_by: str
    why: str
    able: Deciders


def deciders(connection: sa.Connection, case: Case, besides: Iterable[int] = ()) -> Deciders:
    """Return who decides on this case, without people barred by a complaint or in ``besides``."""
    leading = those_leading(connection, case.school)

    def which(role: Role, *, elsewhere: bool = False, here: bool = False) -> list[Actor]:
        found = {
            each.person.id: each.person
            for each in leading
            if each.role is role and (here if each.school == case.school else elsewhere)
        }
        return list(found.values())

    return who_decides(
        which(Role.ENGAGEMENT_LEAD, here=True),
        which(Role.FACULTY_LEAD, here=True, elsewhere=True),
        which(Role.ENGAGEMENT_LEAD, elsewhere=True),
        case.barred | frozenset(besides),
    )


def to_review(connection: sa.Connection, case: Case) -> list[ToReview]:
    """Return the uses to review on the case, oldest first. No one reviews their own."""
    return [
        ToReview(each.id, each.who, each.words, deciders(connection, case, [each.author]))
        for each in entries_of(connection, case.id)["emergencies"]
        if not each.holds
    ]


def stands_in_on(connection: sa.Connection, case: Case, person: int, *, review: bool) -> bool:
    """Return whether this person now decides instead of the leads: on a review, or a complaint."""
    if review:
        return any(each.able.stands_in(person) for each in to_review(connection, case))
    return case.has_own_complaint and deciders(connection, case).stands_in(person)
