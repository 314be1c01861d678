"""The words of a letter are there again after its window was closed by accident."""

from __future__ import annotations

from typing import Any

from bot.slack.typed_words import HERE_AGAIN, KEPT_FOR
from tests.bot.slack.campus import SlackCampus, filled, user_id
from tests.bot.slack.test_letters_by_name import fields

OTHERS = "Hello Dana,\n\nCould we help with your essay? Just reply, and"


def drafting(campus: SlackCampus, name: str = "sana") -> dict[str, Any]:
    """Open the window of the draft, and return it."""
    campus.types(name, "draft LANG-1")
    return campus.window()


def types_on(campus: SlackCampus, name: str, window: dict[str, Any], body: str) -> None:
    """Type in the letter's field: Slack tells each change, with the state of the whole window."""
    (element,) = (
        block["element"]
        for block in window["blocks"]
        if block["type"] == "input" and block["element"]["action_id"] == "body"
    )
    change = {"type": "plain_text_input", "action_id": "body", "block_id": "body", "value": body}
    assert element["dispatch_action_config"]["trigger_actions_on"] == ["on_character_entered"]
    now = {**filled(window, {"body": body}), "team_id": "T", "type": "modal"}
    campus.interacts(name, "block_actions", actions=[{**change, "action_ts": "1"}], view=now)


def test_what_was_typed_is_there_again_for_its_author_alone_and_not_once_it_is_saved(
    campus: SlackCampus,
) -> None:
    world = campus.office.world
    world.give_view(world.open_case())
    first = drafting(campus)
    before = len(campus.slack.calls)
    types_on(campus, "sana", first, OTHERS)
    assert len(campus.slack.calls) == before, "nothing is shown for it"

    again = drafting(campus)
    assert fields(again)["body"] == OTHERS
    assert fields(again)["subject"] == fields(first)["subject"]
    assert HERE_AGAIN in str(again["blocks"])
    types_on(campus, "sana", again, f"{OTHERS} more")
    types_on(campus, "sana", again, f"{OTHERS} more words")
    again = drafting(campus)
    assert fields(again)["body"] == f"{OTHERS} more words", "after a second accident too"
    types_on(campus, "sana", again, OTHERS)
    assert fields(drafting(campus, "alice"))["body"] != OTHERS, "for its author alone"

    answer = campus.submits("sana", again, body="")
    assert "errors" in answer
    assert fields(drafting(campus))["body"] == OTHERS, "what is refused is not forgotten"
    assert campus.submits("sana", first) == {}
    saved = drafting(campus)
    assert HERE_AGAIN not in str(saved["blocks"])
    assert fields(saved)["body"] == fields(first)["body"]

    types_on(campus, "sana", saved, OTHERS)
    campus.office.clock.forward(minutes=KEPT_FOR.total_seconds() / 60 + 1)
    assert fields(drafting(campus))["body"] == fields(first)["body"], "an hour later it is gone"
    assert user_id("sana") not in str(campus.slack.problems)
