"""Setting up a school in Slack from the command line, and the doctor's checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.bootstrap import build
from integrations.settings import WrongSetting, load_settings
from store.actions.schools.load_roster import load_roster
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import channels, identities
from tests.bot.slack.campus import LANG, SlackCampus, slack_campus_in, user_id
from tests.fakes.slack.records import (
    BOT,
    SIGNING_SECRET,
    TEAM,
    TOKEN,
    SlackChannel,
    SlackPerson,
)
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from tests.people import ROSTER
from tests.worker.office import office_in
from tests.worker.test_cli import lantern
from worker.doctor.slack import examine_slack
from worker.setup.channels import channel_address, channels_of, enrol_members, reopen_channels
from worker.setup.slack import add_channel, channel_of

LINK = "https://example.slack.com/archives/C0NEW"
IN_BROWSER = f"https://app.slack.com/client/{TEAM}/C0NEW"


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[SlackCampus]:
    with slack_campus_in(tmp_path / "home") as campus:
        yield campus


def test_both_kinds_of_link_name_a_channel() -> None:
    assert channel_of(LINK, (TEAM,)) == (TEAM, "C0NEW")
    assert channel_of(IN_BROWSER, ("T0A", TEAM)) == (TEAM, "C0NEW")


@pytest.mark.parametrize(
    ("link", "teams"),
    [
        ("", (TEAM,)),
        ("C0NEW", (TEAM,)),
        ("https://example.slack.com/archives/D0ALICE", (TEAM,)),
        ("https://example.slack.com/team/U0ALICE", (TEAM,)),
        (LINK, (TEAM, "T0A")),
        (IN_BROWSER, ("T0A",)),
    ],
)
def test_what_is_no_link_to_a_channel_of_ours_is_said(link: str, teams: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        channel_of(link, teams)


@pytest.mark.parametrize("wrong", ["guest", "public", "shared"])
def test_a_channel_that_others_can_read_is_no_schools(campus: SlackCampus, wrong: str) -> None:
    made = SlackChannel("C0NEW", [user_id("alice"), BOT])
    made.is_private, made.is_ext_shared = wrong != "public", wrong == "shared"
    campus.slack.people[user_id("alice")].guest = wrong == "guest"
    campus.slack.channels["C0NEW"] = made

    with pytest.raises(InvalidInput, match="outside" if wrong == "guest" else "private"):
        add_channel(campus.office.services, campus.workspace, "LANG", LINK)


def test_a_private_channel_becomes_a_schools_once(campus: SlackCampus) -> None:
    services = campus.office.services
    campus.slack.channels["C0NEW"] = SlackChannel("C0NEW", [user_id("alice"), BOT])

    assert "1 member." in add_channel(services, campus.workspace, "LANG", LINK)

    with pytest.raises(InvalidInput, match="already"):
        add_channel(services, campus.workspace, "MATH", LINK)
    with pytest.raises(InvalidInput, match="no school"):
        add_channel(services, campus.workspace, "HIST", LINK.replace("NEW", "LANG"))


def test_only_staff_of_the_school_are_enrolled_and_nobody_twice(campus: SlackCampus) -> None:
    services = campus.office.services
    with services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(identities))
    campus.slack.people["U0ZOE"] = SlackPerson("U0ZOE", "zoe@example.ac.uk")
    campus.slack.channels[LANG].members.append("U0ZOE")
    (channel,) = channels_of(services, Platform.SLACK, "LANG")
    members = list(campus.workspace.members(channel_address(channel)))

    assert enrol_members(services, channel, members) == 4
    assert enrol_members(services, channel, members) == 0


def test_a_channel_is_opened_again_when_it_is_private_again(campus: SlackCampus) -> None:
    services = campus.office.services
    campus.slack.channels[LANG].is_private = False
    campus.event({"type": "channel_shared", "channel": LANG})
    with pytest.raises(InvalidInput, match="stays closed"):
        reopen_channels(services, campus.workspace, Platform.SLACK, "LANG")

    campus.slack.channels[LANG].is_private = True
    reopen_channels(services, campus.workspace, Platform.SLACK, "LANG")

    assert len(campus.audited("reopen-channel")) == 1


def _lines(campus: SlackCampus) -> list[str]:
    return [str(finding) for finding in examine_slack(campus.office.services)]


def test_a_right_set_up_is_fine_in_every_line(campus: SlackCampus) -> None:
    lines = _lines(campus)

    assert not [line for line in lines if line.startswith("FAIL")]
    assert "alice" not in str(lines).lower()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("token", "copy the Bot User OAuth Token"),
        ("scope", "channels:read: notices that a private channel was made public"),
        ("public", "Change to a private channel"),
        ("not in it", "/invite @Lantern"),
        ("guest", "1 member from outside"),
        ("no channel", "lantern slack channel"),
    ],
)
def test_the_doctor_says_what_to_click(campus: SlackCampus, wrong: str, says: str) -> None:
    match wrong:
        case "token":
            campus.slack.tokens.clear()
        case "scope":
            campus.slack.scopes.discard("channels:read")
        case "public":
            campus.slack.channels[LANG].is_private = False
        case "not in it":
            campus.slack.channels[LANG].members.remove(BOT)
        case "guest":
            campus.slack.people[user_id("bob")].guest = True
        case "no channel":
            with campus.office.services.store.unit_of_work() as work:
                work.connection.execute(sa.delete(channels))

    failed = [line for line in _lines(campus) if line.startswith("FAIL")]

    assert says in "\n".join(failed)


def test_a_scope_too_many_is_named(campus: SlackCampus) -> None:
    campus.slack.scopes.add("files:read")
    assert any("files:read was given and is not needed" in line for line in _lines(campus))


def test_without_slack_it_says_what_is_missing(tmp_path: Path) -> None:
    with office_in(tmp_path) as office, pytest.raises(WrongSetting, match="SLACK_BOT_TOKEN"):
        list(examine_slack(office.services))


NO_ONES = {
    "U0TYPO": "no account",
    "U0GUEST": "a guest's",
    "U0GONE": "switched off",
    BOT: "an app's",
}
"""Accounts that belong to no colleague, and the description of each."""


def test_enrolling_from_outside_names_who_was_not_found(tmp_path: Path) -> None:
    """The command names the accounts and the line that helps, and fails if it enrolled no one."""
    services = build(load_settings(home=tmp_path))
    load_roster(services.store, ROSTER)
    services.close()
    fake = FakeSlack(lambda: dt.datetime.now(dt.UTC))
    fake.channels["C0NEW"] = SlackChannel("C0NEW", [user_id("alice"), BOT])
    fake.people[user_id("alice")] = SlackPerson(user_id("alice"), "elsewhere@example.ac.uk")
    fake.people["U0GUEST"] = SlackPerson("U0GUEST", "alice@guests.example", guest=True)
    fake.people["U0GONE"] = SlackPerson("U0GONE", "alice@example.ac.uk", deleted=True)
    with serving(fake) as url:
        settings = {"SLACK_TEAMS": TEAM, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": url}
        settings |= {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
        asked = ("slack", "enrol", "--school", "LANG")
        early = lantern(tmp_path, *asked, **settings)
        by_name = ("slack", "identify", "--email", "alice@example.ac.uk", "--user", "alice")
        misnamed = lantern(tmp_path, *by_name, **settings)
        refused = {user: lantern(tmp_path, *by_name[:-1], user, **settings) for user in NO_ONES}
        lantern(tmp_path, "slack", "channel", "--school", "LANG", "--link", LINK, **settings)
        found_none = lantern(tmp_path, *asked, **settings)
        fake.people[user_id("alice")].address = "Alice@Example.ac.uk"
        found_one = lantern(tmp_path, *asked, **settings)

    assert (misnamed.code, "Copy member ID" in misnamed.err) == (2, True)
    for user, done in refused.items():
        assert (done.code, done.out) == (2, ""), user
        assert NO_ONES[user] in done.err
    assert early.code == 2
    assert "lantern slack channel" in early.err
    assert found_none.code == 2
    assert "Alice Adviser (alice@example.ac.uk)" in found_none.out
    assert "lantern slack identify --email alice@example.ac.uk --user" in found_none.out
    assert found_one.code == 0
    assert found_one.out.startswith("1 newly enrolled, 1 of 1 member enrolled.")
    assert "Alice" not in found_one.out
    assert "Bob Brown" in found_one.out
