"""Lantern removes everything it posted in a channel once a person from outside has joined."""

from __future__ import annotations

import json

import pytest

from bot.cards.kit.reply_cards import notice
from bot.posting.cards import put_card
from bot.posting.channel_privacy import Watch
from store.queries.schools.staff import school_channels
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.tables import outbox
from tests.bot.slack.campus import LANG, SlackCampus, user_id
from tests.fakes.slack.records import BOT, TIER_3, SlackChannel
from worker.doctor.slack import examine_slack
from worker.jobs import sweep as sweeping
from worker.jobs.notices.digests import request_digest
from worker.jobs.schools.watch_channels import watch_channels
from worker.setup.channels import channels_of
from worker.setup.slack import add_channel

MANY = 120
SECRET = "R100 was not seen for ten days"


def _becomes_public(campus: SlackCampus) -> None:
    watch_channels(campus.office.services)
    campus.slack.channels[LANG].is_private = False
    campus.office.clock.forward(minutes=1)


def _shown(campus: SlackCampus) -> str:
    return json.dumps([each.body for each in campus.slack.messages if each.channel == LANG])


def _digest(campus: SlackCampus) -> None:
    store = campus.office.world.store
    with store.unit_of_work() as work:
        request_digest(work, campus.office.world.school("LANG"), campus.office.world.today)
    campus.office.works()


@pytest.fixture
def busy(campus: SlackCampus) -> SlackCampus:
    """Provide a channel with a card, a line in its thread that names a colleague, and a digest."""
    campus.office.world.open_case("dana")
    campus.office.works()
    campus.types("lena", "assign LANG-1 alice")
    campus.office.works()
    _digest(campus)
    before = _shown(campus)
    assert before.count("is assigned to you") == 1
    assert len([each for each in campus.slack.messages if each.channel == LANG]) == 3
    return campus


def test_a_line_and_a_digest_go_with_the_card(busy: SlackCampus) -> None:
    _becomes_public(busy)

    watch_channels(busy.office.services)

    (left,) = [each for each in busy.slack.messages if each.channel == LANG]
    assert left.thread is None
    assert "withdrawn" in json.dumps(left.body)
    assert "LANG-1" not in _shown(busy)

    assert _opens_again(busy)
    busy.types("bob", "show LANG-1")
    busy.types("bob", "view LANG-1 wait I saw them in the library yesterday")
    busy.office.works()
    (card,) = [each for each in busy.slack.messages if each.channel == LANG and not each.thread]
    assert "LANG-1" in json.dumps(card.body), "the same card tells its case again"


def _opens_again(campus: SlackCampus) -> bool:
    services = campus.office.services
    campus.slack.channels[LANG].is_private = True
    with services.store.database.read() as connection:
        (channel,) = [each for each in school_channels(connection) if each.channel == LANG]
    watch = Watch(services.store, campus.workspace, Platform.SLACK)
    return watch.reopen(channel, "system:test")


def test_a_full_channel_is_emptied_as_fast_as_slack_lets_it_newest_first(
    campus: SlackCampus,
) -> None:
    services = campus.office.services
    for number in range(MANY):
        put_card(
            services.store,
            services.workspaces,
            campus.office.world.school("LANG"),
            f"case:{9000 + number}",
            notice(SECRET),
        )
    assert _shown(campus).count(SECRET) >= MANY
    campus.slack.too_fast = 0
    _becomes_public(campus)

    watch_channels(services)
    left = [SECRET in json.dumps(each.body) for each in campus.slack.shown(LANG)]
    assert sum(left) == MANY - 2 * TIER_3, "what Slack's two limits allow in a minute, at once"
    assert left == sorted(left, reverse=True), "and what stands there is the oldest"
    for _ in range(5):
        campus.office.clock.forward(seconds=15)
        sweeping.sweep(services)

    assert SECRET not in _shown(campus)
    assert campus.slack.too_fast <= 4, "who is told to wait, waits"


def test_what_slack_lets_nobody_change_is_said_once_and_no_more(busy: SlackCampus) -> None:
    refusals = [("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")]
    busy.slack.faults = refusals * 3
    _becomes_public(busy)
    watch_channels(busy.office.services)
    assert busy.slack.faults == [], "card, line and digest were each tried both ways"
    busy.slack.calls.clear()

    for _ in range(8):
        busy.office.clock.forward(seconds=15)
        watch_channels(busy.office.services)

    assert {"chat.update", "chat.delete"}.isdisjoint(busy.slack.calls)
    findings = [str(each) for each in examine_slack(busy.office.services)]
    (stays,) = [each for each in findings if "by hand" in each]
    assert "3 of Lantern's messages" in stays


def test_a_card_that_somebody_deleted_comes_anew_when_its_case_goes_on(busy: SlackCampus) -> None:
    card = next(each for each in busy.slack.messages if each.channel == LANG and not each.thread)
    busy.slack.messages.remove(card)

    busy.types("bob", "show LANG-1")
    busy.types("bob", "view LANG-1 wait I saw them in the library yesterday")
    busy.office.works()

    cards = [each for each in busy.slack.shown(LANG) if "LANG-1" in json.dumps(each.body)]
    assert any("library" in json.dumps(each.body) for each in cards)
    assert card.ts not in {each.ts for each in cards}


def _cards(campus: SlackCampus, channel: str) -> list[str]:
    found = [each for each in campus.slack.shown(channel) if "LANG-1" in json.dumps(each.body)]
    return [each.ts for each in found]


def test_the_cards_of_open_cases_come_back_with_their_channel(busy: SlackCampus) -> None:
    before = _cards(busy, LANG)
    _becomes_public(busy)
    watch_channels(busy.office.services)
    assert _cards(busy, LANG) == []

    assert _opens_again(busy)
    busy.office.works()

    assert set(_cards(busy, LANG)) <= set(before), "the same message, so its thread stays"
    assert _cards(busy, LANG)


def test_a_channel_that_gets_another_id_since_it_is_shared_is_followed(busy: SlackCampus) -> None:
    """Otherwise the cards would stay there, and others could read them."""
    shared = busy.slack.channels.pop(LANG)
    shared.id, shared.is_ext_shared = "C0SHARED", True
    busy.slack.channels[shared.id] = shared
    for message in busy.slack.messages:
        message.channel = shared.id if message.channel == LANG else message.channel

    moved = {"type": "channel_id_changed", "old_channel_id": LANG, "new_channel_id": shared.id}
    busy.event(moved)

    assert "LANG-1" not in json.dumps([each.body for each in busy.slack.shown(shared.id)])
    assert len(busy.audited("move-channel")) == len(busy.audited("close-channel")) == 1
    busy.event(moved)
    assert len(busy.audited("move-channel")) == 1, "the same event again changes nothing"


def test_another_channel_takes_the_place_of_one_that_is_archived_for_good(
    busy: SlackCampus,
) -> None:
    services = busy.office.services
    busy.types("bob", "view LANG-1 wait I saw them in the library yesterday")
    busy.slack.faults = [("chat.update", "is_archived")] * 9
    busy.office.works()
    busy.slack.channels["C0NEW"] = SlackChannel("C0NEW", [user_id("alice"), BOT])
    link = "https://example.slack.com/archives/C0NEW"

    add_channel(services, busy.workspace, "LANG", link, replaces=True)
    busy.office.clock.forward(minutes=10)
    sweeping.sweep(services)
    busy.office.works()

    assert len(_cards(busy, "C0NEW")) == 1
    assert busy.office.world.rows(outbox, state="due") == []
    assert not any(LANG in str(each) for each in channels_of(services, Platform.SLACK, "LANG"))
    with pytest.raises(InvalidInput, match="already"):
        add_channel(services, busy.workspace, "LANG", link)

    busy.slack.faults.clear()
    add_channel(services, busy.workspace, "LANG", link.replace("NEW", "LANG"), replaces=True)
    (back,) = channels_of(services, Platform.SLACK, "LANG")
    assert back.channel == LANG
