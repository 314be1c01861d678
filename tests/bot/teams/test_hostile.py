"""Hostile requests through Teams, and people who lose their role or the app meanwhile."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store.rules.model import OutboxKind
from store.rules.students.messages import LONGEST
from store.tables import cases, outbox, staff, staff_roles
from tests.bot.teams.campus import LANG, OTHER_TENANT, Campus
from tests.fakes.teams.service import HOST
from worker.jobs.notices.deliver import announce_due

Json = dict[str, Any]


def test_a_click_that_is_played_again_later_or_by_another_does_nothing_more(
    campus: Campus,
) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    data = campus.button("take")
    action = {"type": "Action.Execute", "verb": "take", "data": data}
    made = campus.activity("alice", type="invoke", name="adaptiveCard/action")
    made["value"] = {"action": action, "trigger": "manual"}
    assert campus.delivers(made).status_code == 200
    before = campus.office.world.case(case)
    assert before.owner == campus.office.world.staff("alice")

    campus.delivers(made)
    forged = {**made, "from": campus.activity("charlie")["from"]}
    campus.delivers(forged)
    other = campus.clicks("charlie", data)

    assert campus.office.world.case(case) == before
    assert "another school" in str(other) or "may not" in str(other)
    assert "Dana" not in str(other)


def test_a_role_that_ends_while_a_form_is_open_ends_the_form(campus: Campus) -> None:
    world = campus.office.world
    world.open_case("dana")
    campus.office.works()
    asked = campus.opens("lena", {"action": "assign", "ids": {"case": "1"}})
    before = world.case(1)
    with world.store.unit_of_work() as work:
        mine = sa.select(staff.c.id).where(staff.c.email == "lena@example.ac.uk").scalar_subquery()
        work.connection.execute(sa.delete(staff_roles).where(staff_roles.c.staff_id == mine))

    answer = campus.submits("lena", asked, colleague=str(world.staff("alice")))

    assert world.case(1) == before
    assert answer["task"]["type"] == "message", "it is said, and the form is not opened again"
    assert campus.audited("refused")


def test_the_extension_finds_nothing_for_a_foreign_tenant(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    query = {"commandId": "find-case", "parameters": [{"name": "case", "value": "lang"}]}
    for part in ("conversation", "channelData", "from"):
        made = campus.activity("alice", type="invoke", name="composeExtension/query", value=query)
        place = {"tenant": {"id": OTHER_TENANT}} if part == "channelData" else {}
        made[part] = {**made[part], "tenantId": OTHER_TENANT, **place}
        if part == "channelData":
            del made[part]["tenantId"]
        answer = campus.delivers(made)
        assert (answer.status_code, "LANG" in answer.text) == (403, False)


def test_a_student_gets_nobody_elses_data_whatever_they_write(campus: Campus) -> None:
    world = campus.office.world
    world.open_case("eli")
    for line in (
        "my data eli",
        "my data of X1002",
        "show my data for Eli",
        "data of Eli",
        "find Eli",
    ):
        said = str([each.activity for each in campus.says("dana", line)])
        assert "Eli" not in said.replace(line, "")
    asked = {"action": "show", "ids": {"case": "1", "student": "2"}}
    chat = campus.teams.direct(campus.people["dana"])
    for answer in (campus.clicks("dana", asked, chat), campus.opens("dana", asked, chat)):
        assert "does not know you" in str(answer)
        assert "Eli" not in str(answer)


def test_64_kilobytes_and_markup_are_text_like_any_other(campus: Campus) -> None:
    world = campus.office.world
    world.open_case("dana")
    chat = campus.teams.direct(campus.people["dana"])
    (long,) = campus.says("dana", "this is wrong: " + "é<at>x</at> " * 6_000)
    assert f"below {LONGEST} characters" in str(long.activity)
    assert world.dump()["sayings"] == []

    campus.people["dana"].name = "<at>Alice</at> **[x](https://evil.example)**"
    campus.says("dana", "this is wrong: &lt;at&gt;Alice&lt;/at&gt; **[x](https://evil.example)**")
    campus.says("dana", "my data")
    shown = campus.teams.shown(chat)[-1]
    assert "entities" not in shown.activity
    texts = [run["text"] for run in _runs(shown.card)]
    assert any("<at>Alice</at> **[x](https://evil.example)**" in each for each in texts)
    assert not [each for each in _blocks(shown.card) if "evil" in each.get("text", "")]

    answer = campus.says("alice", "note LANG-1 " + "x" * 64_000)
    assert answer, "it is said that this is too long"
    assert world.dump()["interventions"] == []
    assert campus.wire.bearers == {HOST}


def test_removed_from_the_team_it_waits_and_added_again_it_goes_on(campus: Campus) -> None:
    world = campus.office.world
    world.open_case("dana")
    campus.office.works()
    (card,) = campus.teams.shown(LANG)
    there = campus.teams.members.pop(LANG)
    gone = {"type": "installationUpdate", "action": "remove"}
    assert campus.delivers(campus.activity("alice", LANG, **gone)).status_code == 200

    world.open_case("eli")
    campus.says("alice", "take LANG-1")
    campus.office.works()
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(outbox).values(attempts=18))
    for _ in range(3):
        _later(campus)
    assert [each.id for each in campus.teams.shown(LANG)] == [card.id]
    assert card.edits == 0

    campus.teams.members[LANG] = there
    renamed = {"type": "conversationUpdate", "membersAdded": [{"id": campus.workspace.bot_id}]}
    made = campus.activity("alice", LANG, **renamed)
    made["channelData"] |= {"eventType": "channelRenamed", "channel": {"id": LANG, "name": "new"}}
    assert campus.delivers(made).status_code == 200
    _later(campus)

    cards = [each for each in campus.teams.shown(LANG) if each.root is None]
    assert len(cards) == 2, "the one that stood there, and the one that waited; none twice"
    assert "Alice Adviser" in str(campus.teams.messages[card.id].activity)
    with world.store.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar() == 2


def _later(campus: Campus) -> None:
    campus.office.clock.forward(minutes=6)
    announce_due(campus.office.services, OutboxKind.CARD)


def _runs(card: Json) -> list[Json]:
    return [run for block in _blocks(card) for run in block.get("inlines", ())]


def _blocks(card: Json) -> list[Json]:
    return [each for block in card["body"] for each in (block, *block.get("items", ()))]
