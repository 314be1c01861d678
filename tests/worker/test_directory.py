"""Staff and their roles follow groups of the university's directory, besides the roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.commands.dispatcher import Dispatcher
from bot.interaction import Interaction, Person
from store.actions.schools.load_roster import load_roster
from store.db.unit_of_work import Store
from store.platforms import accounts
from store.queries.schools.directory import known_colleagues
from store.rules.errors import InvalidInput
from store.rules.model import Platform, Role
from store.rules.schools import Roster, StaffEntry
from store.tables import audit, directory_people, notices
from tests.fakes.graph.directory import directory_id
from tests.fakes.graph.faults import Fault
from tests.people import LANGUAGES, ROSTER
from tests.worker.directory_office import (
    ADVISERS,
    LEADS,
    MORE,
    NESTED,
    DirectoryOffice,
    directory_behind,
)
from tests.worker.office import Office, words
from worker.jobs.schools.look_at_directory import look_at_directory
from worker.processes import clock

ALICE = directory_id(0)


@pytest.fixture
def campus(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[DirectoryOffice]:
    with directory_behind(office, monkeypatch) as made:
        made.a_quarter_later()
        yield made


def test_who_is_in_the_groups_already_keeps_everything(campus: DirectoryOffice) -> None:
    assert campus.roles("alice") == {Role.ADVISER}
    assert campus.roles("lena") == {Role.ENGAGEMENT_LEAD}
    assert campus.roles("bob") == {Role.MODULE_ORGANISER}, "a role without a group"
    assert campus.roles("charlie") == {Role.ADVISER}, "a school without a group"
    assert campus.types("--dry-run").startswith("The directory and the roles in Lantern agree.")
    assert [fine for fine, _ in campus.doctor()] == [True]


@pytest.mark.parametrize("how", ["disabled", "deleted", "out of the group"])
def test_a_leaver_has_no_access_at_the_next_look_in_all_three_places(
    campus: DirectoryOffice, how: str
) -> None:
    office, store = campus.office, campus.office.world.store
    for platform in (Platform.SLACK, Platform.TEAMS):
        accounts.identify(store, platform, "T1", "alice@example.ac.uk", "U1")
    case = office.world.open_case()
    office.drafts_a_mail(case)
    approve = office.dialog("alice", "approve", case)
    if how == "disabled":
        campus.entra.users[ALICE]["accountEnabled"] = False
    elif how == "deleted":
        # The groups' delta does not tell of it; the accounts' own does.
        campus.entra.groups[ADVISERS].discard(ALICE)
        del campus.entra.users[ALICE]
    else:
        campus.entra.groups[ADVISERS].discard(ALICE)
    campus.a_quarter_later()
    assert not campus.is_active("alice")
    assert campus.roles("alice") == set()
    for who in (
        Person(Platform.SANDBOX, "sandbox", "alice"),
        Person(Platform.SLACK, "T1", "U1"),
        Person(Platform.TEAMS, "T1", "U1"),
    ):
        asked = Interaction(who, "show", "lang", f"{who.platform}", {}, None, "LANG-1")
        said = repr(Dispatcher(store).handle(asked))
        assert "Dana" not in said
    assert "not active" in words(office.submits("alice", approve).card)
    assert office.left() == []
    done = [row["action"] for row in office.world.rows(audit, actor="system:directory")]
    assert done[-2:] == ["lose-role", "switch-off"]


def test_who_comes_back_has_access_again_and_who_joins_gets_the_role(
    campus: DirectoryOffice,
) -> None:
    campus.entra.users[ALICE]["accountEnabled"] = False
    campus.a_quarter_later()
    assert not campus.is_active("alice")
    load_roster(campus.office.world.store, ROSTER)
    assert not campus.is_active("alice"), "a roster that is loaded again opens nothing"
    assert campus.roles("alice") == set()
    campus.entra.users[ALICE]["accountEnabled"] = True
    campus.entra.adds("bob@example.ac.uk", 60, LEADS)
    campus.a_quarter_later()
    assert campus.is_active("alice")
    assert campus.roles("alice") == {Role.ADVISER}
    assert campus.roles("bob") == {Role.MODULE_ORGANISER, Role.ENGAGEMENT_LEAD}


def test_groups_within_groups_count_also_in_circles(campus: DirectoryOffice) -> None:
    campus.entra.groups[ADVISERS].discard(ALICE)
    campus.entra.groups[NESTED] = {ALICE, ADVISERS, directory_id(800)}
    campus.entra.groups[ADVISERS].add(NESTED)
    campus.a_quarter_later()
    assert campus.roles("alice") == {Role.ADVISER}
    campus.entra.groups[NESTED].discard(ALICE)
    campus.a_quarter_later()
    assert not campus.is_active("alice")


@pytest.mark.parametrize("answer", [(410, "syncStateNotFound"), (400, "syncStateNotFound")])
def test_a_forgotten_link_is_read_anew_and_nothing_is_lost(
    campus: DirectoryOffice, answer: tuple[int, str]
) -> None:
    campus.entra.forgets()
    campus.entra.forgets_with = answer
    campus.entra.groups[ADVISERS].discard(ALICE)
    campus.a_quarter_later()
    assert not campus.is_active("alice")
    assert campus.is_active("ada")


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.DOWN, Fault.CUT])
def test_a_passing_fault_is_waited_out_within_the_look(
    campus: DirectoryOffice, fault: Fault
) -> None:
    campus.graph.faults.planned += [("groups", fault), ("users", fault)]
    campus.entra.groups[ADVISERS].discard(ALICE)
    campus.a_quarter_later()
    assert not campus.is_active("alice")


def test_without_the_permission_nothing_changes_and_doctor_says_since_when(
    campus: DirectoryOffice,
) -> None:
    campus.entra.permissions.clear()
    campus.entra.groups[ADVISERS].clear()
    for _ in range(4):
        campus.a_quarter_later()
    assert campus.is_active("alice")
    ((fine, said),) = campus.doctor()
    assert not fine
    assert said.startswith("last read at 10:45 on Wednesday 22 October")
    noted = campus.types("--dry-run")
    assert "GroupMember.Read.All and User.Read.All" in noted
    assert "example.ac.uk" not in noted


@pytest.mark.parametrize("waits", ["more than a fifth", "the last lead"])
def test_an_answer_that_takes_away_too_much_waits_for_a_person(
    campus: DirectoryOffice, waits: str
) -> None:
    if waits == "the last lead":
        campus.entra.groups[LEADS].clear()
        figure = "1/10"
    else:
        for number in range(3):
            campus.entra.groups[ADVISERS].discard(directory_id(number))
        figure = "3/10"
    campus.a_quarter_later()
    assert campus.is_active("alice")
    assert campus.is_active("lena")
    (told,) = [row for row in campus.office.world.rows(notices) if row["kind"] == "trouble"]
    assert told["staff_id"] == campus.office.world.staff("lena")
    dry = campus.types("--dry-run")
    assert f"lantern directory --confirm LANG={figure}" in dry
    assert ("Lena Lead" in dry) is (waits == "the last lead")
    assert "Nothing was changed." in dry
    card = repr(campus.office.types("lena", "directory").card)
    assert ("Lena Lead would lose the role engagement lead" in card) is (waits == "the last lead")
    assert "Only a school's engagement lead" in repr(campus.office.types("bob", "directory").card)
    by = ("--by", "lena@example.ac.uk")
    refused = campus.types("--confirm", f"LANG={figure}", "--by", "bob@example.ac.uk")
    assert "you need to be a data protection officer or an engagement lead there" in refused
    assert figure in campus.types("--confirm", "LANG=9/9", *by)
    assert campus.types("--confirm", f"LANG={figure}", *by).startswith("Done:")
    assert campus.is_active("lena") is (waits != "the last lead")
    assert campus.is_active("alice") is (waits == "the last lead")
    campus.a_quarter_later()
    assert campus.types("--dry-run").startswith("The directory and the roles in Lantern agree.")


def test_a_lead_confirms_in_chat(campus: DirectoryOffice) -> None:
    for number in range(3):
        campus.entra.groups[ADVISERS].discard(directory_id(number))
    campus.a_quarter_later()
    school = campus.office.world.school()
    dialog = campus.office.clicks("lena", "directory", school=school).dialog
    assert dialog
    assert "3/10" in repr(campus.office.submits("lena", dialog, confirm="3/9"))
    assert campus.is_active("alice")
    assert "Confirmed" in words(campus.office.submits("lena", dialog, confirm="3/10").card)
    assert not campus.is_active("alice")
    assert "No change waits for you" in words(campus.office.types("lena", "directory").card)
    again = campus.office.clicks("lena", "directory", school=school)
    assert "No change waits there any more" in words(again.card)


def test_guests_and_people_the_roster_does_not_know_are_named_and_get_nothing(
    campus: DirectoryOffice,
) -> None:
    campus.entra.adds("bob@example.ac.uk", 61, ADVISERS, userType="Guest")
    campus.entra.adds("zoe@example.ac.uk", 62, ADVISERS)
    # Alice's address was given to another person, and hers is a new one.
    campus.entra.users[ALICE] |= {"mail": "alice.new@example.ac.uk", "userPrincipalName": "a.n@x.y"}
    campus.entra.adds("alice@example.ac.uk", 63, ADVISERS)
    campus.a_quarter_later()
    said = campus.types("--dry-run")
    assert "Guest, without access: bob@example.ac.uk" in said
    assert "not on the roster, so without access: zoe@example.ac.uk" in said
    assert "not on the roster, so without access: alice@example.ac.uk" in said
    assert campus.roles("bob") == {Role.MODULE_ORGANISER}
    assert campus.roles("alice") == {Role.ADVISER}
    assert campus.doctor()[1][1].startswith("1 guest and 2 accounts that the roster does not know")


def test_a_group_that_is_deleted_takes_no_access_away(campus: DirectoryOffice) -> None:
    del campus.entra.groups[ADVISERS]
    campus.a_quarter_later()
    assert campus.is_active("alice")
    assert "LANG:adviser" in campus.types("--dry-run")


def test_without_groups_the_roster_decides_again(campus: DirectoryOffice) -> None:
    campus.entra.groups[ADVISERS].discard(ALICE)
    campus.a_quarter_later()
    campus.office.services = replace(campus.office.services, directory=None)
    look_at_directory(campus.office.services)
    load_roster(campus.office.world.store, ROSTER)
    assert campus.is_active("alice")
    assert campus.roles("alice") == {Role.ADVISER}
    assert campus.office.world.rows(directory_people) == []


def test_the_roster_switches_colleagues_off_by_itself(office: Office) -> None:
    entry = StaffEntry("alice@example.ac.uk", "Alice", ((LANGUAGES, Role.ADVISER),), active=False)
    case = office.world.open_case()
    load_roster(office.world.store, Roster(staff=(entry,)))
    said = office.clicks("alice", "show", case=case)
    assert "not active" in words(said.card)


def test_a_complete_roster_switches_off_who_is_missing_unless_they_are_many(
    campus: DirectoryOffice,
) -> None:
    store = campus.office.world.store
    names = [*("alice", "sana", "lena", "bob", "max", "charlie"), *MORE]
    whole = {name: _entry(store, name) for name in names}
    everyone = Roster(staff=tuple(whole.values()), complete=frozenset({"staff"}))
    load_roster(store, replace(everyone, staff=tuple(whole[name] for name in names[:-1])))
    assert not campus.is_active(names[-1])
    load_roster(store, everyone)
    assert campus.is_active(names[-1])
    without_lead = [name for name in names if name != "lena"]
    for left, said in (
        (names[:-3], "3 colleagues of 10 in LANG"),
        (without_lead, "1 colleague of 10 in LANG, the last engagement lead"),
    ):
        with pytest.raises(InvalidInput, match=said):
            load_roster(store, replace(everyone, staff=tuple(whole[name] for name in left)))
    assert all(map(campus.is_active, names))


def _entry(store: Store, name: str) -> StaffEntry:
    with store.database.read() as connection:
        (found,) = (
            each for each in known_colleagues(connection) if each.email.startswith(f"{name}@")
        )
    roles = tuple((school, role) for school, some in found.roles.items() for role in sorted(some))
    return StaffEntry(found.email, found.name, roles)


def test_the_clock_asks_once_in_a_quarter_of_an_hour(campus: DirectoryOffice) -> None:
    before = campus.graph.asked["groups"]
    for _ in range(3):
        campus.office.clock.forward(minutes=4)
        clock.tick(campus.office.services)
        campus.office.works()
    assert campus.graph.asked["groups"] == before, "10:30 UTC was one look, until 10:45"
