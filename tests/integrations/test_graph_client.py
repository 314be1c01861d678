"""Requests to Graph: signed in, paced, and without any address in errors or the log."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from integrations.mail.interface import MailError
from integrations.rate_limit import LONGEST_NAP
from integrations.retries import retry_after
from tests.fakes.graph.faults import Fault
from tests.integrations.graph_post import BOX, MAIL, URL, Post, client_of, post_in
from tests.people import MORNING
from tests.stores import FakeClock


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with post_in(tmp_path) as made:
        yield made


# -- Signing in ----------------------------------------------------------------------------------


def test_a_token_is_used_until_graph_refuses_it_and_then_renewed_once(post: Post) -> None:
    for _ in range(3):
        post.mailer.find(BOX, "mail:1")
    assert list(post.graph.entra.issued) == ["token-1"]

    post.graph.entra.revoke_all()
    post.mailer.find(BOX, "mail:1")

    assert list(post.graph.entra.issued) == ["token-1", "token-2"]


def test_a_token_that_ran_out_on_the_way_is_renewed_even_before_a_change(post: Post) -> None:
    post.mailer.find(BOX, "mail:1")
    post.clock.forward(hours=2)

    assert not post.mailer.draft(MAIL).is_sent


def test_when_no_token_is_good_enough_it_ends(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post.graph.entra, "knows", lambda _: False)

    with pytest.raises(MailError, match="does not accept Lantern's sign-in") as caught:
        post.mailer.send(BOX, "x")

    assert not caught.value.permanent
    assert not caught.value.unknown, "it was refused, so nothing was sent"


# -- Pace ----------------------------------------------------------------------------------------


def test_after_429_it_waits_as_long_as_graph_says_and_asks_again(post: Post) -> None:
    post.graph.faults.planned.append(("draft", Fault.THROTTLED))

    post.mailer.draft(MAIL)

    assert post.clock.now == MORNING + dt.timedelta(seconds=2)
    assert post.graph.asked["draft"] == 2


def test_each_request_for_a_change_is_noted_and_one_that_must_not_go_out_is_not_made(
    post: Post,
) -> None:
    """Another worker may have taken over the email while this one waited for its turn."""
    noted: list[dt.datetime] = []

    def going_out() -> None:
        noted.append(post.clock.now)
        if len(noted) == 2:
            raise TimeoutError

    post.graph.faults.planned.append(("draft", Fault.THROTTLED))
    with pytest.raises(TimeoutError):
        post.mailer.draft(MAIL, going_out)

    assert noted == [MORNING, MORNING + dt.timedelta(seconds=2)]
    assert post.graph.asked["draft"] == 1
    post.settles()
    assert post.mailer.find(BOX, MAIL.key) is None


def test_a_long_pause_goes_back_to_the_outbox_and_nobody_asks_before(post: Post) -> None:
    pause = {"Retry-After": "300"}
    answers = httpx.MockTransport(lambda _: httpx.Response(429, headers=pause))
    client = client_of(post.graph, post.clock)
    client._http = httpx.Client(transport=answers)

    for _ in range(2):
        with pytest.raises(MailError) as caught:
            client.get(BOX, "messages")
        assert caught.value.retry_after == dt.timedelta(seconds=300)
    assert post.clock.now == MORNING


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7),
        ("-1", 0),
        (format_datetime(MORNING + dt.timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(MORNING - dt.timedelta(seconds=90), usegmt=True), 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, wait: float | None) -> None:
    found = retry_after(header, MORNING)

    assert found == (None if wait is None else dt.timedelta(seconds=wait))


def test_at_most_four_requests_are_under_way_for_a_mailbox(post: Post) -> None:
    post.graph._takes = lambda: time.sleep(0.01)
    threads = [
        threading.Thread(target=post.mailer.find, args=[BOX, f"mail:{n}"]) for n in range(20)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert post.graph.most_at_a_time == 4
    assert post.graph.too_many == {}
    assert post.graph.asked["find"] == 20


def test_thirty_mails_a_minute_and_several_workers_share_them(post: Post) -> None:
    refs = [post.mailer.draft(MAIL).ref for _ in range(31)]
    start = post.clock.now
    for number, ref in enumerate(refs):
        (post.mailer if number % 2 else post.another_worker()).send(BOX, ref)

    assert post.clock.now - start >= dt.timedelta(minutes=1)
    assert post.graph.too_many == {}


def test_who_would_wait_for_long_gives_the_mail_back(post: Post) -> None:
    impatient = post.another_worker(sleeps=False)
    *first, last = (post.mailer.draft(MAIL).ref for _ in range(11))
    for ref in first:
        impatient.send(BOX, ref)

    with pytest.raises(MailError, match="go first") as caught:
        impatient.send(BOX, last)

    assert caught.value.retry_after
    assert caught.value.retry_after > LONGEST_NAP


# -- Errors and logs without personal data -------------------------------------------------------


@pytest.mark.parametrize("fault", list(Fault))
def test_neither_errors_nor_logs_hold_an_address(
    post: Post, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    post.graph.faults.planned += [("draft", fault)] * 3
    with caplog.at_level(logging.INFO), pytest.raises(MailError) as caught:
        post.mailer.draft(MAIL)

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    for private in (BOX, "lang", MAIL.recipient, "dana", "Dana", URL):
        assert private not in f"{caught.value!r}{caplog.text}"


def test_a_link_that_leads_elsewhere_gets_no_token(post: Post) -> None:
    with pytest.raises(MailError):
        post.client.get(BOX, "https://mallory.example/v1.0/users/x/messages")

    assert post.graph.asked == {}


def test_an_answer_that_is_no_object_makes_no_sense(post: Post) -> None:
    client = client_of(post.graph, FakeClock())
    client._http = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
    )

    with pytest.raises(MailError, match="cannot read; Lantern checks again"):
        client.get(BOX, "messages")


def test_graph_out_of_reach_is_a_passing_error_even_of_a_change(post: Post) -> None:
    def unreachable(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route to {BOX}")

    client = client_of(post.graph, post.clock)
    client._http = httpx.Client(transport=httpx.MockTransport(unreachable))

    with pytest.raises(MailError, match="cannot be reached: ConnectError") as caught:
        client.post(BOX, "messages/x/send")

    assert not caught.value.unknown, "the request never left"
    assert not caught.value.permanent
