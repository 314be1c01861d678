"""Setting up a school in Teams from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from integrations.bootstrap import Services, build
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.settings import load_settings
from store.actions.schools.load_roster import load_roster
from store.platforms.accounts import identify
from store.queries.schools.staff import Channel, school_channels
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import channels, identities, staff
from tests.bot.teams.campus import LANG, OTHER_TENANT, Campus, campus_in, person
from tests.fakes.graph.entra import TENANT
from tests.people import ROSTER
from worker.doctor.teams import examine_teams
from worker.setup.channels import channel_address, channels_of, enrol_members, not_enrolled
from worker.setup.teams import add_channel, channel_of, tenant_of

LINK = (
    "https://teams.microsoft.com/l/channel/19%3Anew%40thread.tacv2/Languages"
    f"?groupId=1234&tenantId={TENANT}"
)


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[Campus]:
    with campus_in(tmp_path / "home") as campus:
        yield campus


def test_a_link_names_a_channel() -> None:
    assert channel_of(LINK) == (TENANT, "19:new@thread.tacv2")


@pytest.mark.parametrize("link", ["", "https://teams.microsoft.com/l/team/x", "19:x", LINK[:-60]])
def test_what_is_no_link_is_said(link: str) -> None:
    with pytest.raises(InvalidInput):
        channel_of(link)


def test_a_channel_with_a_guest_is_no_schools(campus: Campus) -> None:
    guest = person("gast")
    guest.role = "guest"
    campus.teams.channel("19:new@thread.tacv2", guest)

    with pytest.raises(InvalidInput, match="outside"):
        add_channel(campus.office.services, campus.workspace, "LANG", LINK)


def test_a_private_channel_becomes_a_schools_once(campus: Campus) -> None:
    services = campus.office.services
    campus.teams.channel("19:new@thread.tacv2", campus.people["alice"])

    assert "1 member." in add_channel(services, campus.workspace, "LANG", LINK)

    with pytest.raises(InvalidInput, match="already"):
        add_channel(services, campus.workspace, "MATH", LINK)


def test_only_staff_of_the_school_are_enrolled_and_nobody_twice(campus: Campus) -> None:
    services = campus.office.services
    with services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(identities))
    campus.teams.members[LANG].append(person("zoe"))
    with services.store.database.read() as connection:
        (channel,) = [each for each in school_channels(connection) if each.channel == LANG]

    members = list(campus.workspace.members(channel_address(channel)))
    assert enrol_members(services, channel, members) == 4
    assert enrol_members(services, channel, members) == 0


def test_the_doctor_says_what_is_wrong(campus: Campus) -> None:
    before = [str(finding) for finding in examine_teams(campus.office.services)]
    campus.says("alice", "today")
    after = list(examine_teams(campus.office.services))
    fine = [finding.is_fine for finding in after]
    del campus.teams.members[LANG]
    broken = [str(finding) for finding in examine_teams(campus.office.services)]
    with campus.office.services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(channels))
    bare = [str(finding) for finding in examine_teams(campus.office.services)]

    assert any("nothing has come from Teams yet" in line for line in before)
    assert any("Teams reaches Lantern" in str(finding) for finding in after)
    assert False not in fine
    assert any("Manage team, Apps" in line for line in broken)
    assert "lantern teams channel" in bare[-1]
    assert "alice" not in str((broken, bare))


def test_a_channel_of_another_tenant_is_refused_in_a_sentence(campus: Campus) -> None:
    link = LINK.replace(TENANT, OTHER_TENANT)
    with pytest.raises(InvalidInput, match="not in TEAMS_TENANTS") as refused:
        add_channel(campus.office.services, campus.workspace, "LANG", link)
    assert OTHER_TENANT not in str(refused.value)


def _channel(campus: Campus) -> Channel:
    with campus.office.services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(identities))
    with campus.office.services.store.database.read() as connection:
        (channel,) = [each for each in school_channels(connection) if each.channel == LANG]
    return channel


def _enrols(campus: Campus, channel: Channel) -> int:
    members = list(campus.workspace.members(channel_address(channel)))
    return enrol_members(campus.office.services, channel, members)


def test_who_signs_in_by_another_name_is_found_by_their_mail_address(campus: Campus) -> None:
    channel = _channel(campus)
    for name in ("alice", "bob"):
        campus.people[name].mail = f"{name.title()}@Example.ac.uk"
        campus.people[name].address = f"{name[0]}4711@example.ac.uk"

    assert _enrols(campus, channel) == 4


def test_a_sign_in_name_counts_more_than_somebody_elses_mail_address(campus: Campus) -> None:
    channel = _channel(campus)
    campus.people["charlie"].mail = "alice@example.ac.uk"  # an alias, set by mistake
    campus.teams.members[LANG].insert(0, campus.people["charlie"])
    _enrols(campus, channel)
    with campus.office.services.store.database.read() as connection:
        alice = sa.select(staff.c.id).where(staff.c.email == "alice@example.ac.uk")
        (user,) = connection.execute(
            sa.select(identities.c.user_id).where(identities.c.staff_id == alice.scalar_subquery())
        ).scalars()
    assert user == campus.people["alice"].user


def test_who_was_not_found_is_named_with_the_line_that_helps(campus: Campus) -> None:
    channel = _channel(campus)
    campus.teams.members[LANG].remove(campus.people["bob"])
    campus.people["alice"].address = "a4711@example.ac.uk"
    assert _enrols(campus, channel) == 2

    alice, bob = not_enrolled(campus.office.services, channel)

    line = "lantern teams identify --email {}@example.ac.uk --user OBJECT-ID"
    assert "Alice Adviser (alice@example.ac.uk)" in alice
    assert line.format("alice") in alice
    assert "Bob Brown" in bob
    assert "Charlie" not in f"{alice}{bob}", "of another school"
    identify(
        campus.office.services.store,
        Platform.TEAMS,
        TENANT,
        "alice@example.ac.uk",
        campus.people["alice"].user,
    )
    assert len(list(not_enrolled(campus.office.services, channel))) == 1


def test_who_is_identified_is_looked_for_in_the_schools_channels(campus: Campus) -> None:
    services, workspace = campus.office.services, campus.workspace
    guest = person("gast", "gast_other.example#EXT#@example.onmicrosoft.com")
    guest.role = "guest"
    campus.teams.members[LANG] = [guest]

    assert tenant_of(services, workspace, campus.people["alice"].user) == (TENANT, "")
    tenant, doubt = tenant_of(services, workspace, "00000000-0000-0000-0000-000000000001")
    assert tenant == TENANT
    assert "Check it in Entra" in doubt
    with pytest.raises(InvalidInput, match="a guest's"):
        tenant_of(services, workspace, guest.user)
    campus.teams.members.clear()  # Lantern is no longer in any channel, so it cannot post
    assert "Check it in Entra" in tenant_of(services, workspace, guest.user)[1]


def test_before_there_is_a_roster_it_is_said_that_it_comes_first(campus: Campus) -> None:
    store = campus.office.services.store
    with pytest.raises(InvalidInput, match="Check the roster"):
        identify(store, Platform.TEAMS, TENANT, "zoe@example.ac.uk", "z")
    with empty_home() as nothing, pytest.raises(InvalidInput, match="lantern ingest roster"):
        identify(nothing.store, Platform.TEAMS, TENANT, "zoe@example.ac.uk", "z")
    with empty_home() as nothing, pytest.raises(InvalidInput, match="lantern ingest roster"):
        channels_of(nothing, Platform.TEAMS, "LANG")


@contextmanager
def empty_home() -> Iterator[Services]:
    with TemporaryDirectory() as folder:
        services = build(load_settings(home=Path(folder)))
        try:
            yield services
        finally:
            services.close()


def test_the_playgrounds_own_channels_are_taken_in_it(tmp_path: Path) -> None:
    services = build(load_settings(home=tmp_path, teams_playground=True))
    try:
        load_roster(services.store, ROSTER)
        workspace = services.workspaces[Platform.TEAMS]
        assert isinstance(workspace, TeamsWorkspace)
        add_channel(services, workspace, "LANG", "channel-announcements-id")
        with services.store.database.read() as connection:
            (channel,) = school_channels(connection)
        assert (channel.tenant, channel.channel) == ("playground", "channel-announcements-id")
        assert workspace.is_private(channel_address(channel))
        for wrong in ("", "two words", "https://teams.microsoft.com/l/team/x"):
            with pytest.raises(InvalidInput, match="not a link"):
                add_channel(services, workspace, "MATH", wrong)
    finally:
        services.close()
