"""Switch off colleagues that a complete delivery of the roster leaves out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.queries.schools.directory import known_colleagues
from store.queries.schools.lost_access import NEEDED
from store.rules.access.directory import KnownColleague, SchoolChange
from store.rules.errors import InvalidInput
from store.rules.model import Role
from store.rules.schools import Roster
from store.rules.text.formatting import counted, listed
from store.tables import staff


def switch_off_missing(work: UnitOfWork, roster: Roster, actor: str) -> None:
    """Take all access from active colleagues who are not in a complete delivery of staff.

    Raises ``InvalidInput`` where it would take access from more than a fifth of a school's
    colleagues, or from its last lead or data protection officer: then each is to be marked by hand.
    """
    if "staff" not in roster.complete:
        return
    named = {each.email.casefold() for each in roster.staff}
    known = known_colleagues(work.connection)
    missing = [each for each in known if each.active and each.email.casefold() not in named]
    for school in sorted({school for each in missing for school in each.roles}):
        gone = {each.id for each in missing}
        change = _change(school, known, gone)
        last = [role.label for role in NEEDED if _loses_last(role, school, roster, known, gone)]
        if change.waits or last:
            lead = f", the last {listed(last)} among them" if last else ""
            raise InvalidInput(
                f"This complete roster leaves out {counted(len(change.leaving), 'colleague')} of "
                f"{change.of} in {school}{lead}, who would have no access any more. Nothing was "
                "loaded. If that is right, keep their rows in staff.csv with active = no. If the "
                "file is cut off, export it again."
            )
    for part in chunks([each.id for each in missing]):
        work.connection.execute(sa.update(staff).where(staff.c.id.in_(part)).values(active=False))
    for each in missing:
        work.record(actor, "switch-off", f"staff:{each.id}")


def _change(school: str, known: Sequence[KnownColleague], missing: Collection[int]) -> SchoolChange:
    here = [each for each in known if each.active and each.roles.get(school)]
    return SchoolChange(
        school,
        leaving=tuple(each for each in here if each.id in missing),
        of=len(here),
    )


def _loses_last(
    role: Role,
    school: str,
    roster: Roster,
    known: Sequence[KnownColleague],
    missing: Collection[int],
) -> bool:
    """Return whether everyone with a role in a school is missing, and no one takes their place."""
    have = [each for each in known if each.active and role in each.roles.get(school, ())]
    comes = any(each.active and (school, role) in each.roles for each in roster.staff)
    return bool(have) and all(each.id in missing for each in have) and not comes
