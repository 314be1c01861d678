"""A person's own page in Teams: a card in their chat with Lantern, refreshed on each view."""

from __future__ import annotations

from typing import Any

from tests.bot.adaptive_cards import message_problems
from tests.bot.teams.campus import LANG, Campus, person

Json = dict[str, Any]


def _installs(campus: Campus, name: str, conversation: str | None = None) -> Json:
    where = conversation or campus.teams.direct(campus.people[name])
    return campus.activity(name, where, type="installationUpdate", action="add")


def _looks_again(campus: Campus, name: str, card: Json) -> Json:
    chat = campus.teams.direct(campus.people[name])
    refresh = {"action": card["refresh"]["action"], "trigger": "automatic"}
    return campus.invokes(name, "adaptiveCard/action", refresh, chat)


def test_whoever_adds_lantern_finds_their_page(campus: Campus) -> None:
    made = _installs(campus, "alice")

    assert campus.delivers(made).status_code == 200
    assert campus.delivers(made).status_code == 200

    (page,) = campus.teams.shown(campus.teams.direct(campus.people["alice"]))
    assert message_problems(page.activity) == []
    assert "You have no open cases." in str(page.activity)
    assert "Alice Adviser" in str(page.activity)


def test_the_page_is_fresh_whenever_somebody_looks(campus: Campus) -> None:
    (page,) = campus.says("alice", "home")
    campus.office.world.open_case("dana")
    campus.says("alice", "take LANG-1")

    answer = _looks_again(campus, "alice", page.card)

    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    assert "LANG-1" in str(answer["value"])
    assert "Dana" not in str(answer["value"])
    assert answer["value"]["refresh"] == page.card["refresh"]


def test_the_page_is_everybodys_own(campus: Campus) -> None:
    (page,) = campus.says("alice", "home")

    for name in ("bob", "charlie"):
        answer = _looks_again(campus, name, page.card)
        assert "Alice" not in str(answer["value"])
    campus.office.leaves("alice")
    assert "not active" in str(_looks_again(campus, "alice", page.card)["value"])


def test_a_student_who_adds_lantern_reads_what_they_can_ask(campus: Campus) -> None:
    campus.delivers(_installs(campus, "dana"))

    (page,) = campus.teams.shown(campus.teams.direct(campus.people["dana"]))
    assert "my data" in str(page.activity)
    assert "refresh" not in page.card


def test_strangers_and_guests_find_no_page(campus: Campus) -> None:
    campus.people["zoe"] = person("zoe")
    campus.people["lena"].role = "guest"
    for name in ("zoe", "lena"):
        assert campus.delivers(_installs(campus, name)).status_code == 200

        (told,) = campus.teams.shown(campus.teams.direct(campus.people[name]))
        assert "Your cases" not in str(told.activity)


def test_adding_lantern_to_a_team_posts_nothing(campus: Campus) -> None:
    assert campus.delivers(_installs(campus, "alice", LANG)).status_code == 200

    assert campus.teams.messages == {}
