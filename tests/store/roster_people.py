"""The roster's people by name, and helpers that deliver it again."""

from store.actions.schools.load_roster import load_roster
from store.queries.schools.roster import roster_revision
from store.queries.schools.staff import actor_by_identity
from store.rules.model import Platform
from store.rules.schools import Roster, StaffEntry
from tests.people import ROSTER
from tests.world import World

ALICE, SANA, LENA, BOB, _, CHARLIE = ROSTER.staff
DANA, ELI, MIRA = ROSTER.students


def revision(world: World) -> str:
    with world.store.database.read() as connection:
        return roster_revision(connection)


def identity(world: World, user: str) -> str | None:
    with world.store.database.read() as connection:
        found = actor_by_identity(connection, Platform.SANDBOX, "sandbox", user)
    return found.name if found else None


def load(world: World, *people: StaffEntry) -> None:
    load_roster(world.store, Roster(staff=people))
