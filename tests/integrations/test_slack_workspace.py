"""Posting to Slack: once, at its pace, and with an error that says what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from integrations.chat.interface import Address, DeliveryError, MessageRef
from integrations.chat.slack.credentials import account_of
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.settings import WrongSetting, load_settings
from store.rules.model import Platform
from tests.fakes.slack.records import BOT, SIGNING_SECRET, TEAM, TOKEN, SlackChannel, SlackPerson
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from tests.world import FakeClock, empty_store

HERE = Address(Platform.SLACK, TEAM, "C1")
CARD = {
    "text": "A card",
    "blocks": [{"type": "divider"}],
    "unfurl_links": False,
    "unfurl_media": False,
}

Opens = Callable[..., SlackWorkspace]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opens(tmp_path: Path, clock: FakeClock, address_of_api: str) -> Iterator[Opens]:
    """Another process' workspace, on the same database."""
    with empty_store(f"sqlite:///{tmp_path / 'lantern.db'}", clock, []) as store:

        def open_one(token: str = TOKEN) -> SlackWorkspace:
            account = account_of(
                load_settings(
                    slack_bot_token=token,
                    slack_signing_secret=SIGNING_SECRET,
                    slack_teams=TEAM,
                    slack_api_url=address_of_api,
                )
            )
            assert account

            def sleep(seconds: float) -> None:
                clock.forward(seconds=seconds)

            return SlackWorkspace(account, store, now=clock, sleep=sleep)

        yield open_one


@pytest.fixture
def slack(clock: FakeClock) -> FakeSlack:
    fake = FakeSlack(clock)
    fake.people["U1"] = SlackPerson("U1", "alice@example.ac.uk")
    fake.channels["C1"] = SlackChannel("C1", ["U1", BOT])
    return fake


@pytest.fixture
def address_of_api(slack: FakeSlack) -> Iterator[str]:
    with serving(slack) as url:
        yield url


@pytest.fixture
def workspace(opens: Opens) -> SlackWorkspace:
    return opens()


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
    """Also where the channel took nothing for days after the answer was lost."""
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


def test_a_channel_gets_one_message_a_second(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock
) -> None:
    before = clock()

    for number in range(10):
        workspace.post(HERE, CARD, key=f"card:{number}")

    assert slack.too_fast == 0
    assert clock() - before <= dt.timedelta(seconds=9.5)


def test_retry_after_is_kept_to(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.faults.append(("chat.postMessage", "429"))
    with pytest.raises(DeliveryError) as refused:
        workspace.post(HERE, CARD, key="card:1")
    assert refused.value.retry_after == dt.timedelta(seconds=2)
    before = clock()

    workspace.post(HERE, CARD, key="card:1")

    assert clock() - before >= dt.timedelta(seconds=2)


def test_a_pause_is_kept_by_every_method_and_answered_with_silence(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock
) -> None:
    posted = workspace.post(HERE, CARD, key="card:1")
    slack.faults.append(("chat.update", "429 long"))
    for _ in range(5):
        with pytest.raises(DeliveryError) as refused:
            workspace.update(posted, CARD)
        assert refused.value.retry_after

    assert slack.calls.count("chat.update") == 1
    clock.forward(seconds=60)
    workspace.update(posted, CARD)


def test_a_second_channel_that_is_refused_means_the_whole_workspace(
    workspace: SlackWorkspace, slack: FakeSlack
) -> None:
    slack.faults += [("chat.postMessage", "429 long")] * 2
    for name in ("C1", "C2", "C3", "C4"):
        slack.channels[name] = SlackChannel(name, ["U1", BOT])
        with pytest.raises(DeliveryError):
            workspace.post(Address(Platform.SLACK, TEAM, name), CARD, key="card:1")

    assert slack.calls.count("chat.postMessage") == 2


@pytest.mark.parametrize(
    ("change", "permanent", "says"),
    [
        ("not in it", False, "/invite"),
        ("no such channel", False, "cannot find this channel"),
        ("scope", False, "scope"),
        ("blocks", True, "never valid"),
    ],
)
def test_a_refusal_says_what_to_do(
    workspace: SlackWorkspace, slack: FakeSlack, change: str, permanent: bool, says: str
) -> None:
    card = CARD
    if change == "not in it":
        slack.channels["C1"].members.remove(BOT)
    elif change == "no such channel":
        del slack.channels["C1"]
    elif change == "scope":
        slack.scopes.discard("chat:write")
    else:
        card = {**CARD, "blocks": [{"type": "divider"}] * 51}

    with pytest.raises(DeliveryError, match=says) as refused:
        workspace.post(HERE, card, key="card:1")
    assert refused.value.permanent is permanent
    assert slack.messages == []


def test_a_wrong_token_posts_nothing(opens: Opens, slack: FakeSlack) -> None:
    with pytest.raises(DeliveryError, match="invalid_auth"):
        opens("xoxb-wrong").post(HERE, CARD, key="card:1")
    assert slack.messages == []


def test_another_workspace_is_never_written_to(workspace: SlackWorkspace, slack: FakeSlack) -> None:
    with pytest.raises(DeliveryError, match="another Slack workspace"):
        workspace.post(Address(Platform.SLACK, "T0ELSEWHERE", "C1"), CARD, key="card:1")
    assert slack.calls == []


def test_a_message_is_changed_and_deleted(workspace: SlackWorkspace, slack: FakeSlack) -> None:
    posted = workspace.post(HERE, CARD, key="card:1")
    workspace.update(posted, {**CARD, "text": "Changed"})
    assert slack.shown("C1")[0].body["text"] == "Changed"

    workspace.delete(posted)
    workspace.delete(MessageRef(HERE, posted.message))

    assert slack.messages == []


@pytest.mark.parametrize(
    ("method", "code", "says"),
    [
        ("chat.delete", "cant_delete_message", "its own messages only"),
        ("chat.delete", "compliance_exports_prevent_deletion", "compliance"),
        ("chat.update", "edit_window_closed", "of this age"),
        ("chat.update", "message_not_found", "no such message any more"),
    ],
)
def test_what_slack_refuses_to_erase_is_said_plainly_and_for_good(
    workspace: SlackWorkspace, slack: FakeSlack, method: str, code: str, says: str
) -> None:
    posted = workspace.post(HERE, CARD, key="card:1")
    slack.faults.append((method, code))

    asked: dict[str, Callable[[], None]] = {
        "chat.delete": lambda: workspace.delete(posted),
        "chat.update": lambda: workspace.update(posted, CARD),
    }
    with pytest.raises(DeliveryError, match=says) as refused:
        asked[method]()

    assert refused.value.permanent


@pytest.mark.parametrize(
    "given",
    [
        {"slack_teams": TEAM},
        {"slack_bot_token": TOKEN, "slack_teams": TEAM},
        {"slack_bot_token": "xoxp-1", "slack_teams": TEAM, "slack_signing_secret": "s"},
        {"slack_bot_token": TOKEN, "slack_teams": "lantern", "slack_signing_secret": "s"},
        {"slack_bot_token": TOKEN, "slack_teams": TEAM, "slack_app_token": "x"},
        {"slack_bot_token": TOKEN, "slack_teams": "T0A1,T0B1", "slack_signing_secret": "s"},
        {"slack_client_id": "1.2", "slack_teams": TEAM, "slack_signing_secret": "s"},
        {"slack_client_secret": "c", "slack_teams": TEAM, "slack_signing_secret": "s"},
        {
            "slack_client_id": "1.2",
            "slack_client_secret": "c",
            "slack_bot_token": TOKEN,
            "slack_teams": TEAM,
            "slack_signing_secret": "s",
        },
        {
            "slack_bot_token": TOKEN,
            "slack_teams": TEAM,
            "slack_signing_secret": "s",
            "slack_api_url": "http://elsewhere/api",
        },
    ],
)
def test_half_an_account_is_a_wrong_setting(given: dict[str, str]) -> None:
    with pytest.raises(WrongSetting, match="SLACK_") as wrong:
        account_of(load_settings(**given))
    assert TOKEN not in str(wrong.value)


def test_without_any_setting_there_is_no_slack() -> None:
    assert account_of(load_settings()) is None


# -- An app that may read little: one page of fifteen messages a minute -------------------------


def _posts_until_done(workspace: SlackWorkspace, clock: FakeClock, key: str) -> MessageRef:
    """As the outbox does: again, when Slack's pause is over."""
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
    for number in range(60):  # before, and of no interest
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
    with pytest.raises(DeliveryError):  # the first page of two
        workspace.post(HERE, CARD, key="card:1")
    posted = _posts_until_done(opens(), clock, "card:1")

    assert _posts_until_done(workspace, clock, "card:1") == posted
    keys = [each.body["metadata"]["event_payload"]["key"] for each in slack.shown("C1")]
    assert len(keys) == len(set(keys)) == 21


@pytest.mark.parametrize("lost", [False, True])
def test_where_slack_lets_little_be_read_the_lines_below_a_card_are_listed_to_their_end(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock, lost: bool
) -> None:
    """An erasure asks for them, and would wait for ever. ``lost``: Slack forgets the page."""
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
