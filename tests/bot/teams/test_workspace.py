"""Teams as a workspace: what is posted, what is retried and what is not."""

from __future__ import annotations

import datetime as dt

import pytest

from integrations.chat.interface import Address, DeliveryError, MessageRef
from integrations.chat.teams.connector import LIMITS
from store.rules.model import Platform
from tests.bot.teams.campus import LANG, Campus
from tests.fakes.graph.entra import TENANT
from tests.fakes.teams.service import LOST

CHANNEL = Address(Platform.TEAMS, TENANT, LANG)
HELLO = {"type": "message", "summary": "Hello", "attachments": []}


def test_post_thread_change_and_delete(campus: Campus) -> None:
    posted = campus.workspace.post(CHANNEL, HELLO, key="a")
    reply = campus.workspace.post(CHANNEL, HELLO, key="b", thread=posted.message)
    campus.workspace.update(posted, {**HELLO, "summary": "Changed"})
    campus.workspace.delete(reply)
    campus.workspace.delete(reply)

    (left,) = campus.teams.shown(LANG)
    assert (left.activity["summary"], left.root, left.edits) == ("Changed", None, 1)


def test_a_reply_stands_in_its_thread(campus: Campus) -> None:
    posted = campus.workspace.post(CHANNEL, HELLO, key="a")
    campus.workspace.post(CHANNEL, HELLO, key="b", thread=posted.message)

    assert [each.root for each in campus.teams.shown(LANG)] == [None, posted.message]
    with pytest.raises(DeliveryError, match="begins a thread"):
        campus.workspace.post(CHANNEL, HELLO, key="c", thread="1;evil")


def test_a_private_message_goes_to_the_chat_with_one_person(campus: Campus) -> None:
    alice = campus.people["alice"]
    address = campus.workspace.direct(TENANT, alice.user)
    again = campus.workspace.direct(TENANT, alice.user)
    campus.workspace.post(address, HELLO, key="a")

    assert address == again
    assert campus.teams.asked["POST"] == 1
    assert len(campus.teams.shown(address.channel)) == 1


def test_a_chat_whose_history_was_removed_is_begun_again(campus: Campus) -> None:
    alice = campus.people["alice"]
    address = campus.workspace.direct(TENANT, alice.user)
    campus.teams.faults.append(("POST activities", 404))

    posted = campus.workspace.post(address, HELLO, key="a")

    assert campus.teams.asked["POST"] == 2
    assert posted.address == address
    campus.teams.faults.append(("POST activities", 404))
    with pytest.raises(DeliveryError):
        campus.workspace.post(CHANNEL, HELLO, key="b")


def test_members_are_read_page_by_page(campus: Campus) -> None:
    found = list(campus.workspace.members(CHANNEL))

    assert len(found) == 6
    assert campus.teams.asked["GET pagedmembers?pageSize=500"] == 0
    assert campus.workspace.member(CHANNEL, "nobody") is None


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
def test_what_passes_is_tried_again_with_a_growing_wait(campus: Campus, status: int) -> None:
    campus.teams.retry_after = ""
    campus.teams.faults += [("POST activities", status)] * 3

    campus.workspace.post(CHANNEL, HELLO, key="a")

    assert len(campus.teams.shown(LANG)) == 1
    waits = campus.naps[-3:]
    assert all(2**n * 0.5 <= wait <= 2**n for n, wait in enumerate(waits)), waits


def test_retry_after_is_honoured(campus: Campus) -> None:
    campus.teams.retry_after = "7"
    campus.teams.faults.append(("POST activities", 429))

    campus.workspace.post(CHANNEL, HELLO, key="a")

    assert campus.naps == [7.0]


def test_a_long_pause_goes_back_to_the_outbox(campus: Campus) -> None:
    campus.teams.retry_after = "120"
    campus.teams.faults.append(("POST activities", 429))

    with pytest.raises(DeliveryError) as refused:
        campus.workspace.post(CHANNEL, HELLO, key="a")

    assert not refused.value.permanent
    assert refused.value.retry_after == dt.timedelta(seconds=120)
    assert campus.teams.asked["POST activities"] == 1


@pytest.mark.parametrize(
    ("status", "permanent", "unknown"),
    [(400, False, False), (403, False, False), (404, False, False), (413, True, False),
     (500, False, True), (502, False, True), (412, False, False)],
)  # fmt: skip
def test_what_stays_wrong_is_an_error_without_content(
    campus: Campus, status: int, *, permanent: bool, unknown: bool
) -> None:
    campus.teams.faults += [("POST activities", status)] * 4

    with pytest.raises(DeliveryError) as refused:
        campus.workspace.post(CHANNEL, HELLO, key="a")

    assert (refused.value.permanent, refused.value.unknown) == (permanent, unknown)
    assert "Dana" not in str(refused.value)
    assert "example" not in str(refused.value)


def test_a_lost_answer_is_unknown_and_never_repeated(campus: Campus) -> None:
    campus.teams.faults.append(("POST activities", LOST))

    with pytest.raises(DeliveryError) as refused:
        campus.workspace.post(CHANNEL, HELLO, key="a")

    assert refused.value.unknown
    assert len(campus.teams.shown(LANG)) == 1


def test_a_lost_answer_to_a_change_is_asked_again(campus: Campus) -> None:
    posted = campus.workspace.post(CHANNEL, HELLO, key="a")
    campus.teams.faults.append(("PUT activities", LOST))

    campus.workspace.update(posted, HELLO)

    assert campus.teams.shown(LANG)[0].edits == 2


def test_a_bearer_that_is_refused_is_renewed_once(campus: Campus) -> None:
    campus.workspace.post(CHANNEL, HELLO, key="a")
    campus.teams.entra.revoke_all()

    campus.workspace.post(CHANNEL, HELLO, key="b")

    assert len(campus.teams.entra.issued) == 2


def test_a_bearer_for_somebody_else_lets_nobody_in(campus: Campus) -> None:
    campus.teams.entra.audience = "https://graph.microsoft.com"

    with pytest.raises(DeliveryError, match="sign-in"):
        campus.workspace.post(CHANNEL, HELLO, key="a")


def test_too_large_is_refused_by_teams(campus: Campus) -> None:
    with pytest.raises(DeliveryError, match="larger"):
        campus.workspace.post(CHANNEL, {**HELLO, "summary": "x" * 29_000}, key="a")


def test_a_message_that_is_gone_cannot_be_changed(campus: Campus) -> None:
    with pytest.raises(DeliveryError) as refused:
        campus.workspace.update(MessageRef(CHANNEL, "1"), HELLO)

    assert refused.value.permanent


def test_a_burst_keeps_to_what_teams_allows(campus: Campus) -> None:
    start = campus.office.clock.now

    for number in range(130):
        campus.workspace.post(CHANNEL, HELLO, key=str(number))

    assert campus.teams.too_many == 0
    took = campus.office.clock.now - start
    # 60 in 30 s are allowed: two full periods, and the rest of the third.
    assert took < 3 * LIMITS[2][1]


def test_deleting_leaves_nothing_and_what_is_gone_already_is_no_error(campus: Campus) -> None:
    posted = campus.workspace.post(CHANNEL, HELLO, key="a")
    campus.teams.faults.append(("DELETE activities", 502))

    campus.workspace.delete(posted)
    campus.workspace.delete(posted)

    assert campus.teams.shown(LANG) == []


def test_what_teams_refuses_to_delete_is_said_plainly(campus: Campus) -> None:
    posted = campus.workspace.post(CHANNEL, HELLO, key="a")
    del campus.teams.members[LANG]

    with pytest.raises(DeliveryError) as refused:
        campus.workspace.delete(posted)

    assert "check that the app is still installed there" in str(refused.value)
    assert posted.message not in str(refused.value)
    assert LANG not in str(refused.value)
    assert not refused.value.permanent, "an owner can put the app back"
