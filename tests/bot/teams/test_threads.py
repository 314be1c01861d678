"""Colleagues' messages in a card's thread are saved as context, and follow later edits."""

from __future__ import annotations

from typing import Any

from store.tables import remarks
from tests.bot.teams.campus import LANG, Campus, person


def _says(campus: Campus, name: str, root: str, text: str, **parts: Any) -> dict[str, Any]:
    made = campus.activity(name, f"{LANG};messageid={root}", type="message", text=text)
    made |= parts
    assert campus.delivers(made).status_code == 200
    return made


def _kept(campus: Campus) -> list[str]:
    return [row["body"] for row in campus.office.world.rows(remarks)]


def test_a_remark_is_kept_edited_and_deleted(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    root = campus.teams.shown(LANG)[0].id

    made = _says(campus, "bob", root, "<p>She was&nbsp;ill</p>")
    assert _kept(campus) == ["She was ill"]
    edited = {"eventType": "editMessage", "tenant": made["channelData"]["tenant"]}
    later = {"id": made["id"], "timestamp": "2025-10-22T09:31:00.000Z"}
    _says(campus, "bob", root, "She is ill", type="messageUpdate", channelData=edited, **later)
    assert _kept(campus) == ["She is ill"]
    deleted = {**edited, "eventType": "softDeleteMessage"}
    _says(campus, "bob", root, "", type="messageDelete", channelData=deleted, **later)
    assert _kept(campus) == []


def test_only_colleagues_in_the_thread_of_a_card_are_kept(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    root = campus.teams.shown(LANG)[0].id
    campus.people["zoe"] = person("zoe")
    campus.teams.members[LANG].append(campus.people["zoe"])
    campus.people["lena"].role = "guest"

    _says(campus, "zoe", root, "hello")
    _says(campus, "charlie", root, "hello")
    _says(campus, "lena", root, "hello")
    _says(campus, "bob", "12345", "elsewhere")

    assert _kept(campus) == []
