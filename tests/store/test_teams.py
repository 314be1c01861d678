"""The link between a Teams account and a member of staff."""

from __future__ import annotations

import pytest

from store.platforms import accounts, teams
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import identities, teams_tenants
from tests.people import LANGUAGES
from tests.world import World

TENANT = "11111111-2222-3333-4444-555555555555"


def test_an_address_is_kept_once_and_changed_when_it_changes(world: World) -> None:
    assert teams.service_url(world.store, TENANT) is None

    for url in ("https://a.example", "https://a.example", "https://b.example"):
        teams.remember_service_url(world.store, TENANT, url)

    assert [row["service_url"] for row in world.rows(teams_tenants)] == ["https://b.example"]


def test_staff_are_enrolled_by_address_and_strangers_are_not(world: World) -> None:
    found = {"Alice@Example.ac.uk": "a", "charlie@example.ac.uk": "c", "zoe@example.ac.uk": "z"}

    assert accounts.enrol(world.store, Platform.TEAMS, TENANT, world.school(LANGUAGES), found) == 1
    assert accounts.enrol(world.store, Platform.TEAMS, TENANT, world.school(LANGUAGES), found) == 0

    here = world.rows(identities, tenant=TENANT)
    assert [(row["user_id"], row["staff_id"]) for row in here] == [("a", world.staff("alice"))]


def test_one_colleague_is_identified_and_no_account_has_two_owners(world: World) -> None:
    accounts.identify(world.store, Platform.TEAMS, TENANT, "Bob@example.ac.uk", "B1")
    accounts.identify(world.store, Platform.TEAMS, TENANT, "bob@example.ac.uk", "B2")

    assert [row["user_id"] for row in world.rows(identities, tenant=TENANT)] == ["B2"]
    with pytest.raises(InvalidInput, match="a colleague's already"):
        accounts.identify(world.store, Platform.TEAMS, TENANT, "alice@example.ac.uk", "B2")
    with pytest.raises(InvalidInput, match="No active colleague"):
        accounts.identify(world.store, Platform.TEAMS, TENANT, "dana@students.example.ac.uk", "D")


def test_a_student_is_bound_to_their_first_account(world: World) -> None:
    address = "dana@students.example.ac.uk"
    first = teams.student_behind(world.store, TENANT, "d", address.upper())

    assert first
    assert first.id == world.student("dana")
    assert teams.student_behind(world.store, TENANT, "d", address) == first
    assert teams.student_behind(world.store, TENANT, "other", address) is None
    assert teams.student_behind(world.store, TENANT, "d", "eli@students.example.ac.uk") is None
    assert teams.student_behind(world.store, TENANT, "x", "") is None
    assert teams.student_behind(world.store, TENANT, "x", "alice@example.ac.uk") is None
