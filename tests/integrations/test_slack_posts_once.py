"""A post that may have reached Slack is looked up first, so that no post appears twice."""

from __future__ import annotations

from contextlib import suppress

import pytest

from integrations.chat.interface import DeliveryError, MessageRef
from integrations.chat.slack.workspace import SlackWorkspace
from tests.fakes.slack.service import FakeSlack
from tests.integrations.slack_workspace import (
    CARD,
    HERE,
    Opens,
    address_of_api,
    clock,
    opens,
    slack,
    workspace,
)
from tests.stores import FakeClock

__all__ = ["address_of_api", "clock", "opens", "slack", "workspace"]


@pytest.mark.parametrize("fault", ["lost", "500 after"])
def test_a_lost_answer_is_looked_up(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock, fault: str
) -> None:
    slack.faults.append(("chat.postMessage", fault))
    card = workspace.post(HERE, CARD, key="card:1")
    clock.forward(seconds=1)
    slack.faults.append(("chat.postMessage", fault))

    line = workspace.post(HERE, CARD, key="line:1", thread=card.message)

    assert [each.ts for each in slack.shown("C1")] == [card.message]
    assert [each.ts for each in slack.shown("C1", card.message)] == [line.message]


@pytest.mark.parametrize("later", [{"seconds": 60}, {"days": 5}], ids=["soon", "repaired"])
def test_who_posts_again_after_a_crash_finds_what_stands_there(
    workspace: SlackWorkspace,
    slack: FakeSlack,
    clock: FakeClock,
    opens: Opens,
    later: dict[str, int],
) -> None:
    """Also where the channel accepted nothing for days after the answer was lost."""
    other = opens()
    other.post(HERE, CARD, key="card:0")
    clock.forward(seconds=1)
    first = workspace.post(HERE, CARD, key="card:1")
    clock.forward(**later)
    other.post(HERE, CARD, key="card:2")

    again = other.post(HERE, CARD, key="card:1")

    assert again == first
    assert len(slack.shown("C1")) == 3


def test_where_it_cannot_be_looked_up_it_is_unknown(
    workspace: SlackWorkspace, slack: FakeSlack
) -> None:
    workspace.post(HERE, CARD, key="card:0")
    slack.faults += [("chat.postMessage", "lost"), ("conversations.history", "500")]

    with pytest.raises(DeliveryError) as refused:
        workspace.post(HERE, CARD, key="card:1")
    assert not refused.value.permanent


# -- An app with restricted reading: one page of fifteen messages a minute ----------------------


def _posts_until_done(workspace: SlackWorkspace, clock: FakeClock, key: str) -> MessageRef:
    """Post as the outbox does: again, when Slack's pause has ended."""
    for _ in range(20):
        try:
            return workspace.post(HERE, CARD, key=key)
        except DeliveryError as error:
            if not error.throttled or error.retry_after is None:
                raise
            clock.forward(seconds=error.retry_after.total_seconds())
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("others", [0, 14, 15, 70])
def test_where_slack_lets_little_be_read_nothing_is_posted_twice(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock, opens: Opens, others: int
) -> None:
    slack.is_distributed = True
    other = opens()
    for number in range(60):  # earlier, and not looked for
        other.post(HERE, CARD, key=f"old:{number}")
    clock.forward(minutes=5)
    first = workspace.post(HERE, CARD, key="card:1")
    for number in range(others):
        other.post(HERE, CARD, key=f"new:{number}")
    clock.forward(minutes=2)
    before = slack.calls.count("conversations.history")

    again = _posts_until_done(opens(), clock, "card:1")

    assert again == first
    assert len(slack.shown("C1")) == 61 + others
    assert slack.calls.count("conversations.history") - before <= 2 * (others // 15 + 2)


def test_what_was_posted_while_a_long_channel_is_read_is_found_too(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock, opens: Opens
) -> None:
    slack.is_distributed = True
    begun, other = opens(), opens()
    slack.faults.append(("chat.postMessage", "500"))
    slack.faults += [("conversations.history", "500")]
    with pytest.raises(DeliveryError):
        begun.post(HERE, CARD, key="card:1")
    for number in range(20):
        other.post(HERE, CARD, key=f"new:{number}")
    clock.forward(minutes=2)
    with pytest.raises(DeliveryError):  # the first of two pages
        workspace.post(HERE, CARD, key="card:1")
    posted = _posts_until_done(opens(), clock, "card:1")

    assert _posts_until_done(workspace, clock, "card:1") == posted
    keys = [each.body["metadata"]["event_payload"]["key"] for each in slack.shown("C1")]
    assert len(keys) == len(set(keys)) == 21


@pytest.mark.parametrize("lost", [False, True])
def test_where_slack_lets_little_be_read_the_lines_below_a_card_are_listed_to_their_end(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock, lost: bool
) -> None:
    """An erasure needs the list, and would otherwise wait for ever. ``lost``: Slack forgets the
    page."""
    card = workspace.post(HERE, CARD, key="card:1")
    below = [
        workspace.post(HERE, CARD, key=f"line:{number}", thread=card.message).message
        for number in range(40)
    ]
    slack.is_distributed = True
    found: list[str] = []
    for minute in range(8):
        if lost and minute == 2:
            slack.faults.append(("conversations.replies", "invalid_cursor"))
        with suppress(DeliveryError):
            found = workspace.below(card)
            break
        clock.forward(minutes=1)
    assert sorted(found) == sorted(below)
