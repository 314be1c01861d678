"""Enterprise Grid: organisation-wide installation, people of any workspace, and no strangers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from integrations.chat.interface import Address
from store.rules.model import Platform
from store.tables import channels, identities
from tests.bot.slack.campus import LANG, MATH, SlackCampus, slack_campus_in, user_id
from tests.fakes.slack.records import ORGANISATION, OTHER_TEAM, SISTER, TEAM, TOKEN
from worker.doctor.slack import examine_slack
from worker.setup.slack import add_channel

LISTS = {"the organisation": ORGANISATION, "its workspace": TEAM, "both": f"{TEAM},{ORGANISATION}"}
STRANGE = "E0ELSEWHERE"


@pytest.fixture(params=LISTS)
def listed(request: pytest.FixtureRequest) -> str:
    return LISTS[request.param]


@pytest.fixture
def campus(tmp_path: Path, listed: str) -> Iterator[SlackCampus]:
    """Provide both schools in one workspace of an organisation with an organisation-wide app."""
    with slack_campus_in(tmp_path / "home", teams=listed) as campus:
        _move_to_the_organisation(campus, listed)
        yield campus


def _move_to_the_organisation(campus: SlackCampus, listed: str) -> None:
    campus.slack.organisations[ORGANISATION] = {TEAM, SISTER}
    campus.slack.tokens[TOKEN] = TEAM if listed == TEAM else ORGANISATION
    for person in campus.slack.people.values():
        person.organisation, person.workspaces = ORGANISATION, (TEAM, SISTER)
    if listed == ORGANISATION:
        with campus.office.services.store.unit_of_work() as work:
            for table in (channels, identities):
                work.connection.execute(sa.update(table).values(tenant=ORGANISATION))


def _whole(**parts: Any) -> dict[str, Any]:
    """Return the fields in each request of an organisation with an organisation-wide app."""
    return {"enterprise": {"id": ORGANISATION}, "is_enterprise_install": True, **parts}


CLICKS: dict[str, dict[str, Any]] = {
    "of their own workspace": {"user": {"team_id": TEAM}},
    "of the organisation": {"user": {"team_id": ORGANISATION}},
    "of another workspace of it": {"user": {"team_id": SISTER}},
    "of none": {"user": {}},
    "with the organisation beside the workspace": {
        "team": {"id": TEAM, "enterprise_id": ORGANISATION},
        "user": {"team_id": ORGANISATION},
    },
    "of an installation as a whole": _whole(team=None, user={"team_id": TEAM}),
}


def _click(campus: SlackCampus, name: str, action: str, parts: dict[str, Any]) -> str:
    """Return the body of a click on a button of the newest card."""
    element = campus.button(action)
    made = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "trigger_id": campus.slack.trigger(user_id(name)),
        "actions": [{**element, "action_ts": "1"}],
        "channel": {"id": LANG},
        "container": {"type": "message", "channel_id": LANG},
        **parts,
    }
    made["user"] = {"id": user_id(name), **made["user"]}
    return urlencode({"payload": json.dumps(made)})


@pytest.mark.parametrize("kind", CLICKS)
def test_a_colleague_clicks_with_whatever_slack_says_of_their_home(
    campus: SlackCampus, kind: str
) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    parts = dict(CLICKS[kind])
    parts.setdefault("team", {"id": TEAM, "enterprise_id": ORGANISATION})

    assert campus.delivers(_click(campus, "lena", "take", parts)).status_code == 200

    assert campus.office.world.case(case).owner == campus.office.world.staff("lena")
    assert campus.audited("refused") == []


def test_where_only_the_organisation_is_named_it_is_enough(
    campus: SlackCampus, listed: str
) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    parts = _whole(team=None, user={"team_id": ORGANISATION})

    campus.delivers(_click(campus, "lena", "take", parts))

    is_taken = campus.office.world.case(case).owner == campus.office.world.staff("lena")
    assert is_taken is (listed != TEAM), "a list of workspaces alone has to find one of them"


def test_a_command_and_an_event_of_the_whole(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    command = {
        "command": "/lantern",
        "text": "today",
        "team_id": TEAM,
        "enterprise_id": ORGANISATION,
        "is_enterprise_install": "true",
        "user_id": user_id("alice"),
        "channel_id": LANG,
        "trigger_id": campus.slack.trigger(user_id("alice")),
    }
    campus.delivers(urlencode(command))
    assert "LANG-1" in campus.told()
    installed = {"enterprise_id": ORGANISATION, "team_id": None, "is_enterprise_install": True}
    opened = {"type": "app_home_opened", "user": user_id("alice"), "tab": "home"}

    campus.event(opened, enterprise_id=ORGANISATION, authorizations=[installed])

    assert "Your cases" in str(campus.slack.homes[user_id("alice")])


def test_a_colleague_at_home_in_a_sister_workspace(campus: SlackCampus, listed: str) -> None:
    """A member of the listed workspace, or of a listed organisation, counts as staff."""
    case = campus.office.world.open_case("dana")
    campus.office.works()
    lena = campus.slack.people[user_id("lena")]
    lena.team, lena.workspaces = SISTER, (SISTER,)
    lena.stranger = True  # as Slack reports it to a token of another workspace
    parts = {"team": {"id": TEAM, "enterprise_id": ORGANISATION}, "user": {"team_id": SISTER}}

    campus.delivers(_click(campus, "lena", "take", parts))

    is_taken = campus.office.world.case(case).owner == campus.office.world.staff("lena")
    assert is_taken is (listed != TEAM)
    lena.workspaces = (SISTER, TEAM)
    campus.office.clock.forward(minutes=2)
    if listed == TEAM:
        campus.delivers(_click(campus, "lena", "take", parts))
        assert campus.office.world.case(case).owner == campus.office.world.staff("lena")


STRANGERS: dict[str, dict[str, Any]] = {
    "another workspace": {"team": OTHER_TEAM},
    "another organisation": {"team": STRANGE, "organisation": STRANGE, "workspaces": (OTHER_TEAM,)},
    "another organisation's workspace": {
        "team": OTHER_TEAM,
        "organisation": STRANGE,
        "workspaces": (OTHER_TEAM,),
    },
    "a guest": {"guest": True},
    "a bot": {"bot": True},
    "deactivated": {"deleted": True},
}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_are_refused_whatever_the_click_says(campus: SlackCampus, who: str) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    before = campus.office.world.case(case)
    person = campus.slack.people[user_id("lena")]
    if who not in ("a guest", "a bot", "deactivated"):
        person.organisation, person.workspaces = "", ()
    for name, value in STRANGERS[who].items():
        setattr(person, name, value)
    homes: list[dict[str, str]] = [{}]
    homes += [{"team_id": each} for each in (person.team, TEAM, ORGANISATION)]

    for home in homes:
        parts = {"team": {"id": TEAM, "enterprise_id": ORGANISATION}, "user": home}
        campus.delivers(_click(campus, "lena", "take", parts))

    assert campus.office.world.case(case) == before
    assert len(campus.audited("refused")) == len(homes)


@pytest.mark.parametrize("names_us", [True, False])
def test_a_click_in_another_organisation_is_refused(campus: SlackCampus, names_us: bool) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    before = campus.office.world.case(case)
    parts = {
        "team": {"id": OTHER_TEAM, "enterprise_id": STRANGE},
        "enterprise": {"id": STRANGE},
        "is_enterprise_install": True,
        "user": {"team_id": ORGANISATION if names_us else STRANGE},
    }

    campus.delivers(_click(campus, "lena", "take", parts))

    assert campus.office.world.case(case) == before
    assert campus.audited("refused")


# -- Organisation-wide installation ------------------------------------------------------------


@pytest.mark.parametrize("listed", [ORGANISATION], indirect=False)
def test_a_channel_that_workspaces_of_the_organisation_share_is_private(
    campus: SlackCampus,
) -> None:
    address = Address(Platform.SLACK, ORGANISATION, LANG)
    campus.slack.channels[LANG].is_org_shared = True
    assert campus.workspace.is_private(address)
    campus.slack.channels[LANG].is_ext_shared = True
    assert not campus.workspace.is_private(address)


@pytest.mark.parametrize("listed", [TEAM], indirect=False)
def test_for_one_workspace_a_channel_that_others_share_is_none(campus: SlackCampus) -> None:
    campus.slack.channels[LANG].is_org_shared = True
    assert not campus.workspace.is_private(Address(Platform.SLACK, TEAM, LANG))


@pytest.mark.parametrize("listed", [ORGANISATION], indirect=False)
def test_a_channel_of_any_workspace_of_it_is_a_schools(campus: SlackCampus) -> None:
    with campus.office.services.store.unit_of_work() as work:
        work.connection.execute(sa.delete(channels))
    campus.slack.channels[MATH].team = SISTER
    link = f"https://app.slack.com/client/{SISTER}/{MATH}"

    add_channel(campus.office.services, campus.workspace, "MATH", link)

    (row,) = campus.office.world.rows(channels)
    assert (row["tenant"], row["channel"]) == (ORGANISATION, MATH)


@pytest.mark.parametrize("listed", [ORGANISATION], indirect=False)
def test_the_doctor_knows_the_organisations_token(campus: SlackCampus) -> None:
    lines = [str(each) for each in examine_slack(campus.office.services)]
    assert f"ok   {ORGANISATION}: signs in" in lines
