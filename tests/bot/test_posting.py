"""A card is one message in each channel, posted once and then changed in place."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.cards.kit.reply_cards import notice
from bot.posting.cards import put_card
from integrations.chat.interface import DeliveryError
from store.rules.model import OutboxKind, Platform
from store.tables import channels, posts
from tests.bot.slack_fake import Crash, DiesAfterPosting, Slack, cards, on_slack
from tests.people import finding
from tests.worker.office import Office
from worker.jobs.notices.deliver import announce_due
from worker.jobs.notices.digests import request_digest

CARD = OutboxKind.CARD


@pytest.fixture
def slack(office: Office) -> Slack:
    """Return the office's only workspace."""
    return on_slack(office)


# -- In place ----------------------------------------------------------------------------------


def test_a_case_is_one_message_however_often_it_changes(office: Office, slack: Slack) -> None:
    office.world.open_case()
    announce_due(office.services, CARD)
    office.types("alice", "take LANG-1")
    office.types("lena", "take LANG-1")
    announce_due(office.services, CARD)

    assert slack.calls == {"post": 1, "update": 1}, "two changes, shown at once as the newest"
    (shown,) = slack.messages.values()
    assert "Lena Lead" in shown
    assert {state for state, _ in cards(office)} == {"sent"}


def test_a_card_that_would_stay_the_same_is_left_alone(office: Office, slack: Slack) -> None:
    for _ in range(3):
        put_card(
            office.world.store,
            office.services.workspaces,
            office.world.school(),
            "case:1",
            notice("The same."),
        )
    assert slack.calls == {"post": 1}


def test_a_school_with_two_channels_sees_it_in_both_and_other_schools_do_not(
    office: Office, slack: Slack
) -> None:
    with office.world.store.unit_of_work() as work:
        second = {"platform": "slack", "tenant": "T1", "channel": "two", "name": "second"}
        work.connection.execute(
            sa.insert(channels).values(school_id=office.world.school("LANG"), **second)
        )
    office.world.open_case("dana")
    announce_due(office.services, CARD)

    assert slack.calls["post"] == 2
    assert len(office.world.rows(posts)) == 2


def test_a_platform_that_is_not_connected_is_left_out(office: Office, slack: Slack) -> None:
    office.services = replace(office.services, workspaces={})
    office.world.open_case()
    announce_due(office.services, CARD)
    assert slack.calls == {}
    assert cards(office) == [("sent", None)]


# -- Trouble -----------------------------------------------------------------------------------


def test_a_crash_between_posting_and_recording_leaves_one_message_in_the_sandbox(
    office: Office,
) -> None:
    office.world.open_case()
    sandbox = office.services.workspaces[Platform.SANDBOX]
    dying = replace(office.services, workspaces={Platform.SANDBOX: DiesAfterPosting(sandbox)})
    with suppress(Crash):
        announce_due(dying, CARD)
    assert len(office.messages()) == 1, "it was posted"
    assert office.world.rows(posts) == [], "and not recorded"

    office.clock.forward(minutes=3)
    announce_due(office.services, CARD)

    assert len(office.messages()) == 1
    assert len(office.world.rows(posts)) == 1
    assert cards(office) == [("sent", None)]


def test_a_worker_that_dies_while_posting_is_replaced_when_its_lease_ends(
    office: Office, slack: Slack
) -> None:
    office.world.open_case()
    slack.fails = [Crash()]
    with suppress(Crash):
        announce_due(office.services, CARD)

    announce_due(office.services, CARD)
    assert slack.messages == {}, "the lease still holds"
    office.clock.forward(minutes=3)
    announce_due(office.services, CARD)

    assert len(slack.messages) == 1


def test_a_busy_platform_is_asked_again_when_it_said(office: Office, slack: Slack) -> None:
    office.world.open_case()
    slack.fails = [DeliveryError("too many", retry_after=dt.timedelta(seconds=30))]

    announce_due(office.services, CARD)
    office.clock.forward(seconds=29)
    announce_due(office.services, CARD)
    assert slack.calls["post"] == 1
    assert cards(office) == [("due", "too many")]

    office.clock.forward(seconds=1)
    announce_due(office.services, CARD)
    assert len(slack.messages) == 1


def test_waits_grow_so_that_one_channel_cannot_occupy_the_worker_and_the_card_comes_in_the_end(
    office: Office, slack: Slack
) -> None:
    office.world.open_case()
    slack.fails = [DeliveryError("out of reach") for _ in range(100)]
    for _ in range(24 * 4):
        announce_due(office.services, CARD)
        announce_due(office.services, CARD)
        office.clock.forward(minutes=15)
    assert slack.calls["post"] <= 24 * 4
    assert cards(office) == [("due", "out of reach")]

    slack.fails = []
    office.clock.forward(minutes=15)
    announce_due(office.services, CARD)

    assert len(slack.messages) == 1
    assert cards(office) == [("sent", None)]


def test_a_limit_of_the_platform_counts_as_no_attempt(office: Office, slack: Slack) -> None:
    """However often the platform's limit delayed the card, the first real fault waits briefly."""
    office.world.open_case()
    wait = dt.timedelta(seconds=30)
    busy = [DeliveryError("too many", retry_after=wait, throttled=True) for _ in range(30)]
    slack.fails = [*busy, DeliveryError("out of reach")]
    for _ in range(len(slack.fails)):
        announce_due(office.services, CARD)
        office.clock.forward(seconds=30)

    announce_due(office.services, CARD)

    assert len(slack.messages) == 1


def test_a_permanent_refusal_is_not_repeated_and_other_cards_still_go_out(
    office: Office, slack: Slack
) -> None:
    world = office.world
    world.screen(*(finding(world.student(name)) for name in ("dana", "eli")))
    slack.fails = [DeliveryError("channel is archived", permanent=True)]

    announce_due(office.services, CARD)

    assert cards(office) == [("cancelled", "channel is archived"), ("sent", None)]
    assert len(slack.messages) == 1


# -- Digests -----------------------------------------------------------------------------------


def test_a_digest_is_one_message_a_school_and_day(office: Office) -> None:
    office.world.open_case()
    school, today = office.world.school(), office.world.today
    for day in (today, today, today + dt.timedelta(days=1)):
        with office.world.store.unit_of_work() as work:
            request_digest(work, school, day)
        announce_due(office.services, OutboxKind.DIGEST)

    digests = [m for m in office.messages("lang") if "Good morning" in str(m.payload)]
    assert len(digests) == 2
    assert "Wednesday 22 October" in str(digests[0].payload)
    assert "Thursday 23 October" in str(digests[1].payload)
    assert "Dana" not in str(digests)
    assert office.messages("math") == []
