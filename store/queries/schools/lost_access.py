"""What a change of the roster takes away: access, the last lead or officer, and cases' owners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from store.rules.access.directory import KnownColleague
from store.rules.model import Role
from store.rules.text.formatting import counted, listed
from store.tables import CASE_IS_OPEN, cases, schools

NEEDED = (Role.ENGAGEMENT_LEAD, Role.DATA_PROTECTION_OFFICER)
"""Roles without which no one publishes a policy, or answers students' requests."""

_OWNED = (
    sa.select(schools.c.code, cases.c.owner_id, sa.func.count())
    .join(schools, schools.c.id == cases.c.school_id)
    .where(CASE_IS_OPEN, cases.c.owner_id.is_not(None))
    .group_by(schools.c.code, cases.c.owner_id)
)

Held = Mapping[str, Mapping[int, frozenset[Role]]]
"""School → active colleague → their roles there."""


def lost_access(
    connection: sa.Connection, before: Sequence[KnownColleague], after: Sequence[KnownColleague]
) -> Iterator[str]:
    """Yield what each school lost between two states of the roster, without a name: roles, the
    last person of a needed role, and open cases whose owner has no access to them now."""
    had, has = _held(before), _held(after)
    owned = connection.execute(_OWNED).all()
    for school, people in sorted(had.items()):
        now = has.get(school, {})
        lost = {each: roles - now.get(each, frozenset()) for each, roles in people.items()}
        number = Counter(role for roles in lost.values() for role in roles)
        if not number:
            continue
        roles = listed([counted(number[role], role.label) for role in Role if number[role]])
        yield f"{school}: roles were taken from {roles}."
        for role in NEEDED:
            if number[role] and not any(role in roles for roles in now.values()):
                yield (
                    f"{school} has no {role.label} any more. Name one in staff.csv, and load it."
                )
        left = sum(
            cases for code, owner, cases in owned if code == school and owner in people.keys() - now
        )
        if left:
            yield (
                f"{school}: the owner of {counted(left, 'open case')} has no access now. Choose "
                "another: /lantern assign, or Take on the card."
            )


def _held(people: Sequence[KnownColleague]) -> Held:
    held: dict[str, dict[int, frozenset[Role]]] = {}
    for each in people:
        for school, roles in each.roles.items() if each.active else ():
            held.setdefault(school, {})[each.id] = frozenset(roles)
    return held
