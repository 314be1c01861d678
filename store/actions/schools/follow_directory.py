"""Give and take roles as the groups of the university's directory say.

Each school is changed in a transaction of its own, from what is true in it. A change that takes
access from many, or from the last lead, is left until a person confirms its figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.actions.request import Request, in_school
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.schools.directory import known_colleagues
from store.queries.schools.staff import school_named
from store.rules.access.directory import (
    DirectoryAnswer,
    DirectoryChange,
    KnownColleague,
    Place,
    RoleChange,
    SchoolChange,
    change_by,
)
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput, OvertakenError
from store.rules.model import TroubleKind
from store.rules.text.formatting import counted
from store.tables import (
    directory_looks,
    directory_people,
    directory_places,
    schools,
    staff,
    staff_roles,
)

WAITS = "directory waits:"
"""Begins the key of a trouble that says that a school's change waits; the school's id follows."""
DIRECTORY = "system:directory"
"""The actor in the audit of what a group of the directory changed."""


def record_look(
    store: Store, state: str, places: Iterable[Place], answer: DirectoryAnswer
) -> DirectoryChange:
    """Record a look that succeeded, and whose account is whose; return what it would change.

    ``state`` is the text from which the next look continues; ``places`` are all roles that groups
    decide.
    """
    with store.unit_of_work() as work:
        staff_now = known_colleagues(work.connection)
        change = change_by(answer, staff_now)
        work.connection.execute(sa.delete(directory_looks))
        work.connection.execute(
            sa.insert(directory_looks).values(
                id=1,
                at=work.now,
                state=store.seal.close(state),
                guests=len(change.guests),
                unknown=len(change.unknown),
            )
        )
        _set_places(work, places)
        _set_accounts(work, change)
        for each in staff_now:
            # Their account is enabled again, and the roster gives them a role without a group.
            if each.roles:
                _return(work, each, change, DIRECTORY)
    return change


def follow_in_school(store: Store, school: str, answer: DirectoryAnswer) -> SchoolChange | None:
    """Change a school's roles as an answer says; None where it changes nothing there.

    A change that waits for a person is returned, and not made.
    """
    with store.unit_of_work() as work:
        everyone = change_by(answer, known_colleagues(work.connection))
        change = _of_school(everyone, school)
        if change is None or change.waits:
            return change
        _apply(work, change, everyone, DIRECTORY)
    return change


def confirm_in_school(
    store: Store, request: Request, school: str, answer: DirectoryAnswer, seen: str
) -> SchoolChange:
    """Make a change that waits, for the lead or data protection officer who confirms its figure.

    Raises:
        NotAllowed: the person is neither in this school.
        InvalidInput: nothing waits in the school.
        OvertakenError: the figure has changed since; the person looks again.
    """
    with store.database.read() as connection:
        number = school_named(connection, school).id
    with in_school(store, request, Action.STAFF, number) as asked:
        everyone = change_by(answer, known_colleagues(asked.work.connection))
        change = _of_school(everyone, school)
        if change is None or not change.waits:
            raise InvalidInput(f"No change of the directory waits in {school}.")
        if seen.strip() != change.figure:
            raise OvertakenError(
                f"The figure does not match: this would now take access from "
                f"{counted(len(change.leaving), 'colleague')} of {change.of}. Look again, and "
                f"confirm with {change.figure}."
            )
        asked.record("confirm-directory", leaving=len(change.leaving), of=change.of)
        _apply(asked.work, change, everyone, f"staff:{asked.actor.id}")
    tell_whether_it_waits(store, number, None, "")
    return change


def tell_whether_it_waits(
    store: Store, school: int, change: SchoolChange | None, reason: str
) -> None:
    """Record that a school's change waits, and tell its leads at once; or that it is over."""
    key = f"{WAITS}{school}"
    if change is not None and change.waits:
        told = Trouble(TroubleKind.SCHOOL, key, reason, school, is_final=True)
        troubles.record_trouble(store, told)
    else:
        troubles.over(store, TroubleKind.SCHOOL, key)


def forget_directory(store: Store) -> None:
    """Let the roster decide every role again, once no group is set any more."""
    with store.database.read() as connection:
        was_used = connection.execute(sa.select(directory_looks.c.id)).first()
    if was_used:
        with store.unit_of_work() as work:
            for table in (directory_looks, directory_places, directory_people):
                work.connection.execute(sa.delete(table))
            work.record(DIRECTORY, "forget-directory", "roster")


def _of_school(change: DirectoryChange, school: str) -> SchoolChange | None:
    found = (each for each in change.schools if each.school == school)
    return next((each for each in found if each.is_change), None)


def _set_places(work: UnitOfWork, places: Iterable[Place]) -> None:
    ids = dict(work.connection.execute(sa.select(schools.c.code, schools.c.id)).all())
    work.connection.execute(sa.delete(directory_places))
    rows = [{"school_id": ids[code], "role": role} for code, role in sorted(places) if code in ids]
    if rows:
        work.connection.execute(sa.insert(directory_places), rows)


def _set_accounts(work: UnitOfWork, change: DirectoryChange) -> None:
    known = dict(
        work.connection.execute(
            sa.select(directory_people.c.staff_id, directory_people.c.account)
        ).all()
    )
    new = {each: account for each, account in change.accounts.items() if not known.get(each)}
    for colleague, account in new.items():
        if colleague in known:
            mine = directory_people.c.staff_id == colleague
            work.connection.execute(sa.update(directory_people).where(mine).values(account=account))
        else:
            row = {"staff_id": colleague, "account": account}
            work.connection.execute(sa.insert(directory_people).values(row))
        work.record(DIRECTORY, "match-account", f"staff:{colleague}")


def _apply(work: UnitOfWork, change: SchoolChange, everyone: DirectoryChange, actor: str) -> None:
    school = work.connection.execute(
        sa.select(schools.c.id).where(schools.c.code == change.school)
    ).scalar_one()
    for loss in change.losses:
        mine = (
            staff_roles.c.staff_id == loss.colleague.id,
            staff_roles.c.school_id == school,
            staff_roles.c.role == loss.role,
        )
        work.connection.execute(sa.delete(staff_roles).where(*mine))
    for gain in change.gains:
        row = {"staff_id": gain.colleague.id, "school_id": school, "role": gain.role}
        work.connection.execute(sa.insert(staff_roles).values(row))
    _record(work, actor, school, "lose-role", change.losses)
    _record(work, actor, school, "gain-role", change.gains)
    for each in {one.colleague.id: one.colleague for one in change.losses}.values():
        _leave(work, each, actor)
    for each in {one.colleague.id: one.colleague for one in change.gains}.values():
        _return(work, each, everyone, actor)


def _record(
    work: UnitOfWork, actor: str, school: int, action: str, changes: Sequence[RoleChange]
) -> None:
    for each in changes:
        about = f"staff:{each.colleague.id}"
        work.record(actor, action, about, school=school, role=str(each.role))


def _leave(work: UnitOfWork, colleague: KnownColleague, actor: str) -> None:
    """Switch off a colleague who has no role left in any school."""
    mine = staff_roles.c.staff_id == colleague.id
    if work.connection.execute(sa.select(staff_roles.c.role).where(mine)).first() is not None:
        return
    if not colleague.active:
        return
    this = staff.c.id == colleague.id
    work.connection.execute(sa.update(staff).where(this).values(active=False))
    known = directory_people.c.staff_id == colleague.id
    changed = sa.update(directory_people).where(known).values(left_at=work.now)
    done = work.connection.execute(changed.returning(directory_people.c.staff_id)).first()
    if done is None:
        row = {"staff_id": colleague.id, "left_at": work.now}
        work.connection.execute(sa.insert(directory_people).values(row))
    work.record(actor, "switch-off", f"staff:{colleague.id}")


def _return(
    work: UnitOfWork, colleague: KnownColleague, everyone: DirectoryChange, actor: str
) -> None:
    """Switch on a colleague who was switched off by the directory, and is back."""
    if not colleague.has_left or colleague.id in everyone.gone:
        return
    known = directory_people.c.staff_id == colleague.id
    work.connection.execute(sa.update(directory_people).where(known).values(left_at=None))
    this = staff.c.id == colleague.id
    work.connection.execute(sa.update(staff).where(this).values(active=True))
    work.record(actor, "switch-on", f"staff:{colleague.id}")
