"""The message extension, mentions and changes of a channel's members in Teams."""

from __future__ import annotations

from typing import Any

from bot.posting.channel_privacy import Watch
from store.queries.schools.staff import school_channels
from store.rules.model import Platform
from store.tables import interventions
from tests.bot.adaptive_cards import task_problems
from tests.bot.teams.campus import LANG, OTHER_TENANT, Campus, person
from tests.fakes.graph.entra import TENANT
from worker.jobs.notices.digests import request_digest
from worker.jobs.schools.watch_channels import watch_channels

Json = dict[str, Any]


def test_a_message_is_added_to_a_case(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    payload = {"id": "1", "body": {"contentType": "html", "content": "<p>She <b>called</b> me</p>"}}
    value = {"commandId": "add-to-case", "commandContext": "message", "messagePayload": payload}

    asked = campus.invokes("alice", "composeExtension/fetchTask", value)
    assert task_problems(asked) == []
    assert {each["id"]: each.get("value") for each in _inputs(asked)}["field.note"] == (
        "She called me"
    )
    card = asked["task"]["value"]["card"]["content"]
    data = {**card["actions"][0]["data"], "field.case": "1", "field.note": "She called me today"}
    done = campus.invokes(
        "alice", "composeExtension/submitAction", {"commandContext": "message", "data": data}
    )

    assert "task" in done
    assert "She called me today" in str(campus.office.world.rows(interventions))


def test_a_case_is_found_by_a_few_letters_and_names_nobody(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    query = {"commandId": "find-case", "parameters": [{"name": "case", "value": "lang"}]}

    found = campus.invokes("alice", "composeExtension/query", query)["composeExtension"]
    others = campus.invokes("charlie", "composeExtension/query", query)["composeExtension"]

    shown = [each["preview"]["content"] for each in found["attachments"]]
    assert shown == [{"title": "LANG-1", "text": "New, Sana Support"}]
    assert "Dana" not in str(found)
    assert others["attachments"] == []


def test_a_guest_closes_the_channel(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    guest = person("gast", "gast_other.example#EXT#@example.onmicrosoft.com")
    guest.role = "guest"
    campus.teams.members[LANG].append(guest)

    made = campus.activity(
        "alice", LANG, type="conversationUpdate", membersAdded=[{"id": guest.mention}]
    )
    assert campus.delivers(made).status_code == 200

    (card,) = campus.teams.shown(LANG)
    assert "withdrawn" in str(card.activity)
    assert "R100" not in str(card.activity)
    lena = campus.office.world.staff("lena")
    told = [row for row in campus.office.world.dump()["notices"] if row["kind"] == "channel"]
    assert [row["staff_id"] for row in told] == [lena]
    campus.office.world.open_case("eli")
    campus.office.works()
    assert [each.id for each in campus.teams.shown(LANG)] == [card.id]


def test_a_line_and_a_digest_go_with_the_card(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    (card,) = campus.teams.shown(LANG)
    campus.says("lena", "assign LANG-1 alice", LANG)
    with campus.office.world.store.unit_of_work() as work:
        request_digest(work, campus.office.world.school("LANG"), campus.office.world.today)
    campus.office.works()
    assert len(campus.teams.shown(LANG)) == 3
    campus.people["bob"].tenant = OTHER_TENANT
    campus.office.clock.forward(minutes=1)

    watch_channels(campus.office.services)

    assert [each.id for each in campus.teams.shown(LANG)] == [card.id]
    assert "LANG-1" not in str(campus.teams.shown(LANG)[0].activity)


def test_who_joins_a_private_channel_unsaid_is_found_within_a_minute(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    services = campus.office.services
    watch_channels(services)
    campus.people["bob"].tenant = OTHER_TENANT

    watch_channels(services)
    assert "withdrawn" not in str(campus.teams.shown(LANG)[0].activity), "looked this minute"
    campus.office.clock.forward(minutes=1)
    campus.teams.faults += [("PUT activities", 500)]
    watch_channels(services)
    assert "withdrawn" not in str(campus.teams.shown(LANG)[0].activity), "Teams did not take it"
    campus.office.clock.forward(minutes=1)
    watch_channels(services)

    assert "withdrawn" in str(campus.teams.shown(LANG)[0].activity)
    assert len(campus.audited("close-channel")) == 2
    with services.store.database.read() as connection:
        (channel,) = [each for each in school_channels(connection) if each.channel == LANG]
    watch = Watch(services.store, campus.workspace, Platform.TEAMS)
    assert not watch.reopen(channel, "system:test")
    campus.people["bob"].tenant = TENANT
    assert watch.reopen(channel, "system:test")


def test_whoever_a_case_is_assigned_to_is_mentioned_in_its_thread(campus: Campus) -> None:
    world = campus.office.world
    world.open_case("dana")
    campus.office.works()
    (card,) = campus.teams.shown(LANG)
    asked = campus.opens("lena", {"action": "assign", "ids": {"case": "1"}})

    campus.submits("lena", asked, colleague=str(world.staff("alice")))
    campus.submits("charlie", asked, colleague=str(world.staff("sana")))

    campus.office.works()
    said = campus.teams.shown(LANG)[1:]
    assert [each.root for each in said] == [card.id]
    assert said[0].activity["entities"][0]["mentioned"]["id"] == campus.people["alice"].mention
    assert said[0].activity["text"] == "<at>Alice Adviser</at>: LANG-1 is assigned to you."
    campus.says("lena", "assign LANG-1 sana", LANG)
    campus.office.works()
    campus.says("alice", "take LANG-1")
    campus.office.works()
    assert [each.activity["text"] for each in campus.teams.shown(LANG)[2:]] == [
        "<at>Sana Support</at>: LANG-1 is assigned to you."
    ], "also when it was typed, and nobody for what they did themselves"


def _inputs(asked: Json) -> list[Json]:
    body: list[Json] = asked["task"]["value"]["card"]["content"]["body"]
    return [each for each in body if each["type"].startswith("Input.")]
