"""Group chats in Teams: Lantern answers each person alone, even where it is not a member."""

from __future__ import annotations

from typing import Any

from tests.bot.teams.campus import Campus, person

Json = dict[str, Any]

GROUP = "19:a-group@thread.v2"
ELSEWHERE = "19:without-lantern@thread.v2"
SEARCH = {"commandId": "find-case", "parameters": [{"name": "case", "value": "lang"}]}
OPEN = {"action": "show", "ids": {"case": "1"}, "dialog_id": "show"}


def test_a_mention_is_answered_to_this_person_alone(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.teams.channel(GROUP, campus.people["alice"], campus.people["charlie"])

    (answer,) = campus.says("alice", "today", GROUP)

    assert "LANG-1" in str(answer.activity)
    assert campus.teams.shown(GROUP) == []


def test_added_to_a_group_it_says_where_it_works(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.teams.channel(GROUP, campus.people["alice"], campus.people["charlie"])
    made = campus.activity("alice", GROUP, type="installationUpdate", action="add")

    assert campus.delivers(made).status_code == 200
    assert campus.delivers(made).status_code == 200

    (said,) = campus.teams.shown(GROUP)
    assert "in our own chat" in str(said.activity)
    assert "LANG" not in str(said.activity)


def test_the_extension_works_in_a_chat_that_lantern_is_no_part_of(campus: Campus) -> None:
    campus.office.world.open_case("dana")

    found = campus.invokes("alice", "composeExtension/query", SEARCH, ELSEWHERE)
    opened = campus.opens("alice", OPEN, ELSEWHERE)

    assert "LANG-1" in str(found)
    assert "No activity since" in str(opened)


def test_there_too_guests_strangers_and_other_schools_get_nothing(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.people["bob"].role = "guest"
    campus.people["zoe"] = person("zoe")

    for name in ("bob", "zoe", "charlie"):
        found = campus.invokes(name, "composeExtension/query", SEARCH, ELSEWHERE)
        opened = campus.opens(name, OPEN, ELSEWHERE)
        assert found["composeExtension"]["attachments"] == []
        assert "No activity since" not in str(opened)
    assert "Add Lantern to your own chats" in str(campus.opens("zoe", OPEN, ELSEWHERE))
