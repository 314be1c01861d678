"""Read the views that colleagues gave on a case, with the roles that make them count."""

from __future__ import annotations

import sqlalchemy as sa

from store.queries.cases.entries import entries_of
from store.queries.schools.staff import enrolled
from store.rules.cases.case import Case, View
from store.rules.model import Opinion, Role


def case_views(connection: sa.Connection, case: Case) -> list[View]:
    """Return every view recorded on a case, oldest first."""
    roles = {
        each.id: each.roles.get(case.school, frozenset())
        for each in enrolled(connection, case.school)
    }
    given = entries_of(connection, case.id)["views"]
    return [
        View(each.author, Opinion(each.what), each.words, each.at, roles.get(each.author, _NONE))
        for each in given
    ]


_NONE = frozenset[Role]()
