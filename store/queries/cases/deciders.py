"""Find who decides on a complaint or a use of the welfare route: the leads, or their cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.queries.cases.entries import entries_of
from store.queries.schools.leads import Leading, leads_of, those_leading
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
    kept_out = case.barred | frozenset(besides)
    here = leads_of(connection, case.school)
    if own := who_decides(here, (), (), kept_out).people:
        return Deciders(own)
    faculty = those_leading(connection, case.school)
    others = [each for each in faculty if each.school != case.school]
    return who_decides(
        here,
        _in_role(faculty, Role.FACULTY_LEAD),
        _in_role(others, Role.ENGAGEMENT_LEAD),
        kept_out,
    )


def _in_role(found: Iterable[Leading], role: Role) -> list[Actor]:
    return list({each.person.id: each.person for each in found if each.role is role}.values())


def to_review(connection: sa.Connection, case: Case) -> list[ToReview]:
    """Return the unreviewed uses of the welfare route on a case, with who can review each; oldest
    first.
    """
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
