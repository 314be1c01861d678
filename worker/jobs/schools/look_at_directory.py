"""Look at the university's directory, and give and take roles as its groups say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from integrations.bootstrap import Services
from integrations.directory.errors import DirectoryError
from integrations.directory.graph_reader import GraphDirectory
from integrations.directory.state import DirectoryState
from store.actions.schools.follow_directory import (
    follow_in_school,
    forget_directory,
    record_look,
    tell_whether_it_waits,
)
from store.queries.schools.directory import known_colleagues, last_look
from store.queries.schools.staff import all_schools
from store.rules.access.directory import (
    DirectoryAnswer,
    DirectoryChange,
    Place,
    SchoolChange,
    change_by,
)
from store.rules.text.formatting import counted, listed
from worker.one_by_one import each_school, each_step


@dataclass(frozen=True, slots=True)
class Look:
    """The result of a look: the state to continue from, what it says, and what that changes."""

    state: DirectoryState
    answer: DirectoryAnswer
    change: DirectoryChange
    missing: tuple[Place, ...]
    """Roles with a group that does not exist."""


def look_at_directory(services: Services) -> None:
    """Look now and follow what the directory says. A failure is recorded and retried."""
    if services.directory is None:
        forget_directory(services.store)
        return
    each_step(
        services.store, ("directory", partial(_look_and_follow, services, services.directory))
    )


def look(services: Services, directory: GraphDirectory) -> Look:
    """Ask the directory and compare, without changing anything.

    Raises ``DirectoryError`` where it does not answer fully.
    """
    with services.store.database.read() as connection:
        last = last_look(connection)
        staff = known_colleagues(connection)
    before = DirectoryState.of_text(services.store.seal.open(last.state)) if last else None
    linked = [each.account for each in staff if each.account]
    state = directory.look(before or DirectoryState(), linked, services.now())
    answer = state.answer()
    return Look(state, answer, change_by(answer, staff), tuple(directory.missing(state)))


def known_answer(services: Services) -> DirectoryAnswer | None:
    """Return what the newest look that succeeded said; None where there was none."""
    with services.store.database.read() as connection:
        last = last_look(connection)
    if last is None:
        return None
    return DirectoryState.of_text(services.store.seal.open(last.state)).answer()


def missing_said(missing: tuple[Place, ...]) -> str:
    """Say that groups do not exist, and what to do."""
    named = listed([f"{school}:{role}" for school, role in missing])
    return (
        f"The directory has no group any more, or none yet, of an id in DIRECTORY_GROUPS for "
        f"{named}, so these roles stay as they are. Correct the id, or restore the group in Entra."
    )


def waits_said(change: SchoolChange) -> str:
    """Say that a school's change waits for a person, and what that person does."""
    lead = ", the last engagement lead among them" if change.loses_last_lead else ""
    who = counted(len(change.leaving), "colleague")
    if not change.leaving:
        who, lead = "the role of the last engagement lead", ""
    return (
        f"The directory would take access in {change.school} from {who} of {change.of}{lead}, so "
        "nothing was changed there. The lead or the data protection officer sees who it is, and "
        "confirms it if it is right: /lantern directory, or lantern directory --confirm "
        f"{change.school}={change.figure} --by ADDRESS."
    )


def _look_and_follow(services: Services, directory: GraphDirectory) -> None:
    follow_look(services, directory, look(services, directory))


def follow_look(services: Services, directory: GraphDirectory, found: Look) -> None:
    """Record a look and change each school's roles as it says, or say that a change waits.

    Raises ``DirectoryError`` where the setting names a school or a group that does not exist.
    """
    record_look(services.store, found.state.as_text(), directory.groups, found.answer)
    with services.store.database.read() as connection:
        ids = {each.code: each.id for each in all_schools(connection)}
    codes = {ids[each.school]: each.school for each in found.change.schools if each.school in ids}

    def follow(school: int) -> None:
        change = follow_in_school(services.store, codes[school], found.answer)
        reason = waits_said(change) if change is not None and change.waits else ""
        tell_whether_it_waits(services.store, school, change, reason)

    each_school(services.store, codes, "directory", follow)
    unknown = sorted({school for school, _ in directory.groups} - set(ids))
    if unknown:
        raise DirectoryError(
            f"DIRECTORY_GROUPS names {listed(unknown)}, which the roster does not have. Correct "
            "the code, or load the school's roster.",
            waits=True,
        )
    if found.missing:
        raise DirectoryError(missing_said(found.missing), waits=True)
