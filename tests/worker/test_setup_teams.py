"""Bringing a school into Teams from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.queries.schools.staff import school_channels
from store.rules.errors import InvalidInput
from store.tables import channels, identities
from tests.bot.teams.campus import LANG, Campus, campus_in, person
from tests.fakes.graph.entra import TENANT
from worker.doctor.teams import examine_teams
from worker.setup.channels import address_of, enrol
from worker.setup.teams import add_channel, channel_of

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

    assert "1 members" in add_channel(services, campus.workspace, "LANG", LINK)

    with pytest.raises(InvalidInput, match="already"):
        add_channel(services, campus.workspace, "MATH", LINK)


def test_only_staff_of_the_school_are_enrolled_and_nobody_twice(campus: Campus) -> None:
    services = campus.office.services
    with services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(identities))
    campus.teams.members[LANG].append(person("zoe"))
    with services.store.database.read() as connection:
        (channel,) = [each for each in school_channels(connection) if each.channel == LANG]

    members = list(campus.workspace.members(address_of(channel)))
    assert enrol(services, channel, members) == 4
    assert enrol(services, channel, members) == 0


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
