"""A person without the app is answered privately, or told how to add it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.teams.manifest import app_id
from store.rules.model import NoticeKind, OutboxKind
from store.tables import outbox
from tests.bot.teams.campus import LANG, MATH, Campus
from tests.fakes.graph.entra import CLIENT, TENANT
from tests.worker.erasures import erase, joins
from tests.worker.test_notices import tell
from worker.doctor.teams import examine_teams
from worker.jobs import sweep as sweeping

Json = dict[str, Any]
VANISHES = "Teams removes it after 24 hours"


@pytest.fixture
def campus(campus: Campus) -> Campus:
    """Provide a campus on which no one has the app in their own chat, only in teams."""
    for each in campus.people.values():
        campus.teams.without_app.add(each.user)
        campus.teams.members.pop(f"a:chat-{each.user}")
    return campus


def _cannot_be_written_to(campus: Campus, name: str, *, targeted: bool = True) -> None:
    campus.teams.unreachable.add(campus.people[name].user)
    campus.teams.has_targeted = targeted


def _chat(campus: Campus, name: str) -> str:
    chat = f"a:chat-{campus.people[name].user}"
    return str([each.activity for each in campus.teams.shown(chat)])


def _asks(campus: Campus, name: str, line: str) -> None:
    """Mention Lantern in the channel without opening the person's own chat."""
    bot = {"id": f"28:{CLIENT}", "name": "Lantern"}
    said = {"type": "mention", "text": "<at>Lantern</at>", "mentioned": bot}
    parts: Json = {"type": "message", "text": f"<at>Lantern</at> {line}", "entities": [said]}
    assert campus.delivers(campus.activity(name, LANG, **parts)).status_code == 200


def _tell(campus: Campus) -> None:
    for _ in range(3):
        campus.office.clock.forward(minutes=10)
        sweeping.sweep(campus.office.services)
        campus.office.works()


def _states(campus: Campus) -> list[str]:
    with campus.office.world.store.database.read() as connection:
        found = sa.select(outbox.c.state).where(outbox.c.kind == OutboxKind.NOTICE)
        return list(connection.execute(found.order_by(outbox.c.id)).scalars())


def test_a_colleague_without_the_app_is_answered_by_the_rosters_id(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    _asks(campus, "alice", "today")

    assert "LANG-1" in _chat(campus, "alice")
    assert campus.teams.opened_by == [campus.people["alice"].mention]
    assert campus.teams.shown(LANG) == []


def test_a_notice_finds_the_rosters_id_in_the_schools_channel(campus: Campus) -> None:
    """A worker receives no activity, so it looks for the id in the schools' channels."""
    case = campus.office.world.open_case("dana")
    campus.office.works()
    tell(campus.office, "bob", NoticeKind.ASSIGNED, case)
    _tell(campus)

    assert "LANG-1" in _chat(campus, "bob")
    assert set(campus.teams.opened_by) <= {each.mention for each in campus.people.values()}
    assert set(_states(campus)) == {"sent"}


def test_who_cannot_be_written_to_sees_the_answer_in_the_channel_alone(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    _cannot_be_written_to(campus, "alice")
    _asks(campus, "alice", "today")

    ((where, who, activity),) = campus.teams.targeted.values()
    assert (where, who) == (LANG, campus.people["alice"].mention)
    assert "LANG-1" in str(activity)
    assert VANISHES in str(activity)
    assert campus.teams.shown(LANG) == []


def test_a_click_says_where_the_answer_stands(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    asks = {"action": "today", "ids": {}}
    assert "in our chat" in str(campus.clicks("alice", asks))
    _cannot_be_written_to(campus, "alice")
    assert VANISHES in str(campus.clicks("alice", asks))
    campus.teams.has_targeted = False
    refused = campus.clicks("alice", asks)
    assert "Add Lantern to your own chats" in str(refused)


def test_where_a_tenant_has_no_such_messages_a_word_says_how_to_add_lantern(
    campus: Campus,
) -> None:
    campus.office.world.open_case("dana")
    _cannot_be_written_to(campus, "alice", targeted=False)
    _asks(campus, "alice", "today")

    (said,) = campus.teams.shown(LANG)
    link = f"https://teams.microsoft.com/l/app/{app_id(CLIENT)}"
    assert said.activity["text"] == (
        f'<at>Alice</at>: I could not write to you: add Lantern, <a href="{link}">here</a>.'
    )
    assert said.activity["entities"][0]["mentioned"]["id"] == campus.people["alice"].mention
    assert "LANG-1" not in str(said.activity)
    assert "Dana" not in str(said.activity)


def test_a_notice_comes_in_the_channel_alone_or_waits_with_one_word_a_week(
    campus: Campus,
) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    _cannot_be_written_to(campus, "bob", targeted=False)
    cards = len(campus.teams.shown(LANG))
    tell(campus.office, "bob", NoticeKind.ASSIGNED, case)
    _tell(campus)
    _tell(campus)

    words = campus.teams.shown(LANG)[cards:]
    beckoned = [each for each in words if "add Lantern" in str(each.activity)]
    assert len(beckoned) == 1
    assert "due" in _states(campus)

    campus.teams.has_targeted = True
    _tell(campus)
    assert [who for _, who, _ in campus.teams.targeted.values()] == [campus.people["bob"].mention]
    assert set(_states(campus)) == {"sent"}


def test_after_they_added_it_what_waited_comes(campus: Campus) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    _cannot_be_written_to(campus, "bob", targeted=False)
    tell(campus.office, "bob", NoticeKind.ASSIGNED, case)
    _tell(campus)
    assert "LANG-1" not in _chat(campus, "bob")

    campus.teams.unreachable.clear()
    _tell(campus)

    assert "LANG-1" in _chat(campus, "bob")
    assert set(_states(campus)) == {"sent"}


def test_the_doctor_names_who_cannot_be_written_to(campus: Campus) -> None:
    _cannot_be_written_to(campus, "bob")
    lines = [str(each) for each in examine_teams(campus.office.services)]
    about = [each for each in lines if "Bob Brown" in each]
    assert len(about) == 2, "in the channel of each school"
    for line in about:
        assert line.startswith("FAIL")
        assert "Lantern cannot write to them" in line
        assert TENANT not in line
    assert not any("Alice Adviser" in each for each in lines)


def test_the_doctor_names_a_colleague_who_is_not_in_the_channel_either(campus: Campus) -> None:
    """The colleague is enrolled with ``identify``, perhaps with a wrong id."""
    for conversation in (LANG, MATH):
        campus.teams.members[conversation].remove(campus.people["bob"])
    _cannot_be_written_to(campus, "bob")
    (line,) = [str(each) for each in examine_teams(campus.office.services) if "Bob" in str(each)]
    assert line.startswith("FAIL")
    assert "They are not in the channel" in line


def test_an_erasure_reaches_what_only_one_person_sees(campus: Campus) -> None:
    joins(campus.office, "priya", "LANG")
    campus.office.world.open_case("dana")
    campus.office.works()
    _cannot_be_written_to(campus, "alice")
    _asks(campus, "alice", "today")
    assert "LANG-1" in str(campus.teams.targeted)

    erase(campus.office)
    campus.office.works()

    assert "LANG-1" not in str(campus.teams.targeted)


@pytest.mark.parametrize(
    ("status", "times"), [(503, 4), (503, 8), (503, 12), (503, 16), (429, 2), (429, 4)]
)
def test_a_roster_that_cannot_be_read_now_makes_no_one_look_without_the_app(
    campus: Campus, status: int, times: int
) -> None:
    """Otherwise everyone in the channel would read that Lantern could not write to them."""
    case = campus.office.world.open_case("dana")
    campus.office.works()
    campus.teams.has_targeted = False
    cards = len(campus.teams.shown(LANG))
    campus.teams.faults += [("GET members", status)] * times
    tell(campus.office, "bob", NoticeKind.ASSIGNED, case)
    sweeping.sweep(campus.office.services)
    campus.office.works()
    words = campus.teams.shown(LANG)[cards:]
    assert not [each for each in words if "add Lantern" in str(each.activity)]

    campus.teams.faults.clear()
    _tell(campus)
    assert "LANG-1" in _chat(campus, "bob")
    assert set(_states(campus)) == {"sent"}


PASSING = (429, 500, 503, 504)


@pytest.mark.parametrize("status", PASSING)
@pytest.mark.parametrize("request_kind", ["POST", "POST activities"])
def test_after_an_error_that_passes_a_person_is_asked_to_try_again(
    campus: Campus, status: int, request_kind: str
) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    asks = {"action": "today", "ids": {}}
    campus.teams.faults = [(request_kind, status)] * 30
    clicked = str(campus.clicks("alice", asks))
    assert "in a few minutes" in clicked
    assert "add Lantern" not in clicked.replace("Add", "add")

    cards = len(campus.teams.shown(LANG))
    _asks(campus, "alice", "today")
    campus.teams.faults.clear()
    words = campus.teams.shown(LANG)[cards:]
    assert not [each for each in words if "add Lantern" in str(each.activity)]

    assert "in our chat" in str(campus.clicks("alice", asks))


@pytest.mark.parametrize("status", PASSING)
def test_an_error_that_passes_beside_a_missing_app_is_no_reason_to_beckon(
    campus: Campus, status: int
) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    _cannot_be_written_to(campus, "alice")
    campus.teams.faults = [("POST activities", status)] * 30
    assert "in a few minutes" in str(campus.clicks("alice", {"action": "today", "ids": {}}))
