"""Two workers that show the same card at once leave one message, with the newest state."""

import threading
from pathlib import Path

import pytest

from integrations.chat.interface import MessageRef, Payload
from store.rules.model import OutboxKind
from store.tables import posts
from tests.bot.slack_fake import Slack, cards, on_slack
from tests.worker.office import Office, office_in
from worker.jobs.notices.deliver import announce_due

CARD = OutboxKind.CARD


@pytest.fixture
def slack(office: Office) -> Slack:
    return on_slack(office)


def test_two_workers_that_post_the_first_card_at_once_leave_one_message(
    tmp_path: Path, migrated_database_url: str
) -> None:
    with office_in(tmp_path, migrated_database_url) as office:
        slack = on_slack(office)
        office.world.open_case()
        office.types("alice", "take LANG-1")  # a second row for the same card
        slack.posted_at = threading.Barrier(2)
        at_once(office)
        slack.posted_at = None
        office.clock.forward(minutes=1)
        announce_due(office.services, CARD)

        assert slack.calls["post"] == 2, "both did post"
        ((message, shown),) = slack.messages.items()
        (row,) = office.world.rows(posts)
        assert row["message"] == message, "later changes go to the message that is there"
        assert "Alice Adviser" in shown
        assert {state for state, _ in cards(office)} == {"sent"}


def test_a_slow_worker_does_not_leave_an_older_card_over_a_newer_one(
    office: Office, slack: Slack
) -> None:
    """It read the case, was delayed, and writes after another worker has shown a newer state."""
    office.world.open_case()
    announce_due(office.services, CARD)
    office.types("alice", "take LANG-1")
    overtaken = slack.update

    def held_up(message: MessageRef, payload: Payload) -> None:
        slack.update = overtaken  # type: ignore[method-assign]
        office.types("lena", "take LANG-1")
        announce_due(office.services, CARD)
        overtaken(message, payload)

    slack.update = held_up  # type: ignore[method-assign]
    announce_due(office.services, CARD)
    office.clock.forward(minutes=1)
    announce_due(office.services, CARD)

    (shown,) = slack.messages.values()
    assert "Lena Lead" in shown
    assert {state for state, _ in cards(office)} == {"sent"}


def at_once(office: Office) -> None:
    workers = [
        threading.Thread(target=announce_due, args=[office.services, CARD]) for _ in range(2)
    ]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
