"""Who writes to a student chooses among the school's letters by name, in the draft's own window."""

from __future__ import annotations

from typing import Any

from store.tables import outreach, wordings
from tests.bot.slack.campus import SlackCampus
from tests.store.test_school_letters import TEXT
from tests.store.test_school_letters import with_letter as document_with

ILLNESS = TEXT.replace("How are things with you", "Are you well again")


def with_two_letters(campus: SlackCampus) -> int:
    """Publish two letters of the first email, and give a view; returns the case."""
    world = campus.office.world
    second = '[[letters]]\nkind = "university-email"\nname = "After an illness"\n'
    second += f"subject = \"Welcome back, {{{{ given_name }}}}\"\ntext = '''\n{ILLNESS}'''\n"
    world.publish(f"{document_with(TEXT, 'A word, {{ given_name }}')}{second}")
    case = world.open_case()
    world.give_view(case)
    return case


def fields(window: dict[str, Any]) -> dict[str, str]:
    """Return the words of a window's fields, by the ids of their blocks."""
    inputs = (block for block in window["blocks"] if block["type"] == "input")
    return {block["block_id"]: block["element"].get("initial_value", "") for block in inputs}


def test_a_letter_is_chosen_by_its_name_and_takes_the_place_of_the_words(
    campus: SlackCampus,
) -> None:
    case = with_two_letters(campus)
    campus.types("sana", "draft LANG-1")
    first = campus.window()
    assert fields(first)["subject"] == "A word, Dana"
    assert "Usual letter" in str(first["blocks"])

    by_name = campus.button("draft", first["blocks"])
    assert by_name["text"]["text"] == "After an illness"
    campus.interacts("sana", "block_actions", actions=[{**by_name, "action_ts": "1"}], view=first)
    chosen = campus.window()
    assert chosen["id"] == first["id"], "in the same window"
    subject, body = fields(chosen).values()
    assert subject == "Welcome back, Dana"
    assert "Are you well again" in body
    assert not fields(chosen).keys() & fields(first).keys(), "or Slack would keep the old words"

    answer = campus.submits("sana", chosen, body="")
    assert answer["response_action"] == "errors"
    assert answer["errors"].keys() <= fields(chosen).keys(), "beside its field"
    assert campus.submits("sana", chosen) == {}
    world = campus.office.world
    (draft,) = world.rows(outreach, case_id=case)
    assert draft["subject"] == "Welcome back, Dana"
    assert [row["subject"] for row in world.rows(wordings)] == ["Welcome back, Dana"] * 2

    campus.types("sana", "draft LANG-1")
    assert fields(campus.window())["subject"] == "Welcome back, Dana", "the draft stands"
    usual = campus.button("draft", campus.window()["blocks"])
    assert usual["text"]["text"] == "Usual letter"
    campus.interacts(
        "sana", "block_actions", actions=[{**usual, "action_ts": "2"}], view=campus.window()
    )
    again = campus.window()
    assert "Are you well again" in str(again["blocks"]), "what was drafted can be copied"
    assert campus.submits("sana", again) == {}
    (draft,) = world.rows(outreach, case_id=case)
    assert (draft["subject"], draft["version"]) == ("A word, Dana", 2)
