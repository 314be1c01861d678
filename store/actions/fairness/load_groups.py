"""Load the groups that the university supplies, for fairness reports alone (§17, §18)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.unit_of_work import Store
from store.queries.fairness.groups import OBJECTED, Groups
from store.tables import students
from store.tables.group_tables import student_groups


@dataclass(frozen=True, slots=True)
class GroupsLoaded:
    """How many students a delivery gave groups, and how many it left out or took away."""

    students: int
    objected: int
    removed: int


def load_groups(
    store: Store, named: Mapping[str, Groups], *, complete: bool = False
) -> GroupsLoaded:
    """Replace the groups of the students with these numbers; others keep theirs.

    ``complete``: the groups of students who are not named are deleted. Students who objected are
    left out, whatever a delivery says.
    """
    with store.unit_of_work() as work:
        connection = work.connection
        ids = dict(
            connection.execute(
                sa.select(students.c.number, students.c.id).where(students.c.erased_at.is_(None))
            ).all()
        )
        objected = set(connection.execute(OBJECTED).scalars())
        known = {ids[number]: groups for number, groups in named.items() if number in ids}
        kept = {who: groups for who, groups in known.items() if groups and who not in objected}
        before = set(connection.execute(sa.select(student_groups.c.student_id)).scalars())
        for part in chunks(sorted(before if complete else before & set(known))):
            connection.execute(
                sa.delete(student_groups).where(student_groups.c.student_id.in_(part))
            )
        if kept:
            connection.execute(
                sa.insert(student_groups),
                [
                    {
                        "student_id": who,
                        "groups": store.seal.close(json.dumps(dict(groups), sort_keys=True)),
                        "at": work.now,
                    }
                    for who, groups in sorted(kept.items())
                ],
            )
        gone = before & set(known) - set(kept) if not complete else before - set(kept)
        done = GroupsLoaded(len(kept), len(set(known) & objected), len(gone))
        work.record(
            "system:feeds",
            "load-groups",
            "source:groups",
            students=done.students,
            objected=done.objected,
            removed=done.removed,
        )
    return done
