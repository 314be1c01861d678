"""Every action is refused to every person without permission, however the request arrives."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bot.commands.dispatcher import MODULES
from bot.commands.table import COMMANDS
from store.tables import staff, staff_roles
from tests.bot.slack.campus import LANG, MATH, SlackCampus, user_id
from tests.fakes.slack.records import OTHER_TEAM, SlackPerson


def _guest(campus: SlackCampus) -> str:
    campus.slack.people[user_id("lena")].guest = True
    return "lena"


def _external(campus: SlackCampus) -> str:
    campus.slack.people[user_id("lena")].team = OTHER_TEAM
    return "lena"


def _bot(campus: SlackCampus) -> str:
    campus.slack.people[user_id("lena")].bot = True
    return "lena"


def _deactivated(campus: SlackCampus) -> str:
    campus.slack.people[user_id("lena")].deleted = True
    return "lena"


def _left(campus: SlackCampus) -> str:
    campus.office.leaves("lena")
    return "lena"


def _stranger(campus: SlackCampus) -> str:
    campus.slack.people[user_id("zoe")] = SlackPerson(user_id("zoe"), "zoe@example.ac.uk")
    campus.slack.channels[LANG].members.append(user_id("zoe"))
    return "zoe"


def _wrong_school(_campus: SlackCampus) -> str:
    return "charlie"


def _revoked(campus: SlackCampus) -> str:
    campus.types("lena", "today")  # who was enrolled a moment ago
    with campus.office.world.store.unit_of_work() as work:
        mine = sa.select(staff.c.id).where(staff.c.email == "lena@example.ac.uk").scalar_subquery()
        work.connection.execute(sa.delete(staff_roles).where(staff_roles.c.staff_id == mine))
    return "lena"


WRONG = (_guest, _external, _bot, _deactivated, _left, _stranger, _wrong_school, _revoked)
assert MODULES, "they fill the table"
ACTIONS = (*(row.name for row in COMMANDS.rows()), "add-to-case", "no-such-action")
TYPED = {"reason": "I know better", "note": "I know better", "case": "1"}


def _clicks(campus: SlackCampus, name: str, action: str, ids: str) -> None:
    campus.clicks(name, {"type": "button", "action_id": f"{action}#0.0", "value": ids})


def _types(campus: SlackCampus, name: str, action: str, _ids: str) -> None:
    campus.types(name, f"{action} LANG-1")


def _submits(campus: SlackCampus, name: str, action: str, ids: str) -> None:
    answer = campus.interacts(name, "view_submission", view=_window(action, ids))
    assert "Dana" not in str(answer), action
    assert "R100" not in str(answer), action


WAYS = (_clicks, _types, _submits)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda each: each.__name__)
def test_every_action_is_refused_to_the_wrong_person(
    campus: SlackCampus, wrong: Callable[[SlackCampus], str], exhaustive: bool
) -> None:
    """Each action is tried one way for each person, so that all people together try each way."""
    world = campus.office.world
    case = world.open_case("dana")
    world.give_view(case)
    world.write_draft(case)
    campus.office.works()
    name = wrong(campus)
    before = world.case(case), world.draft(case), len(world.dump()["views"])
    refused, shown = len(campus.audited("refused")), len(campus.slack.ephemerals)

    for turn, action in enumerate(ACTIONS, WRONG.index(wrong)):
        for way in WAYS if exhaustive else (WAYS[turn % len(WAYS)],):
            way(campus, name, action, json.dumps({"case": str(case)}))
    campus.interacts(
        name, "message_action", callback_id="add-to-case", message={"text": "x"}, channel={}
    )
    campus.event({"type": "app_home_opened", "user": user_id(name), "tab": "home"})

    assert (world.case(case), world.draft(case), len(world.dump()["views"])) == before
    assert world.dump()["interventions"] == []
    assert len(campus.audited("refused")) > refused
    everything = [campus.slack.ephemerals[shown:], campus.slack.opened, campus.slack.homes]
    assert "Dana" not in str(everything)
    assert "R100" not in str(everything)
    assert campus.slack.shown(MATH) == []


def _window(action: str, ids: str) -> dict[str, object]:
    answers = {
        name: {name: {"type": "plain_text_input", "value": text}} for name, text in TYPED.items()
    }
    return {
        "id": "V1",
        "type": "modal",
        "callback_id": action,
        "private_metadata": ids,
        "hash": action,
        "state": {"values": answers},
    }
