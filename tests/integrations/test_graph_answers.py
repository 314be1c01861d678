"""Replies through Graph: read once, resumed after a crash, and only those that are ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.mail.interface import Answer, MailError
from store.actions.outreach.receive_reply import record_reply
from store.delivery import mailbox_state as mailboxes
from store.rules.model import AnswerKind, CaseStatus
from store.tables import replies
from tests.fakes.graph.faults import Fault
from tests.fakes.graph.routes import Refused
from tests.integrations.graph_post import BOX, URL, Post, post_in

FIRST_PAGE = (
    f"{URL}/users/{BOX}/mailFolders/inbox/messages/delta?"
    "$select=id,conversationId,receivedDateTime,from,internetMessageHeaders"
)


@dataclass
class Written:
    """A student who has been written to, and the mailbox where answers arrive."""

    post: Post
    case: int
    conversation: str

    def arrives(self, text: str, message_class: str = "IPM.Note", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.post.graph.boxes.deliver(
            BOX, self.conversation, text, message_class=message_class, headers=named
        )

    def collects(self) -> list[str]:
        """Read the mailbox once and record the answers as the worker does."""
        return [self.records(answer) for answer in self.post.mailer.answers(BOX)]

    def records(self, answer: Answer) -> str:
        record_reply(
            self.post.world.store,
            message=answer.message,
            conversation=answer.conversation,
            body=answer.body,
            received_at=answer.received_at,
            kind=answer.kind,
        )
        return answer.body


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    with post_in(tmp_path) as post:
        case = post.world.open_case()
        post.world.approved_mail(case)
        conversation = post.sends()
        post.world.send(conversation)
        yield Written(post, case, conversation)


def test_an_answer_comes_once_without_the_mail_that_it_quotes(written: Written) -> None:
    ref = written.arrives("I was ill.\r\nI am back.")

    (answer,) = written.post.mailer.answers(BOX)
    assert (answer.message, answer.conversation) == (ref, written.conversation)
    assert answer.body == "I was ill.\nI am back."
    assert answer.kind is AnswerKind.ANSWER
    assert answer.received_at == written.post.clock.now

    assert list(written.post.mailer.answers(BOX)) == []
    written.arrives("And thank you.")
    assert written.collects() == ["And thank you."]


def test_it_says_from_which_address_it_came(written: Written) -> None:
    boxes = written.post.graph.boxes
    boxes.deliver(BOX, written.conversation, "Hello", sender="dana@home.example")
    boxes.deliver(BOX, written.conversation, "From nobody")
    assert [each.sender for each in written.post.mailer.answers(BOX)] == ["dana@home.example", ""]


def test_many_come_page_by_page_oldest_first(written: Written) -> None:
    for number in range(120):
        written.post.clock.forward(seconds=1)
        written.arrives(f"Answer {number}")

    assert written.collects() == [f"Answer {number}" for number in range(120)]
    assert written.post.graph.asked["delta"] == 3


def test_other_peoples_mail_is_not_read(written: Written) -> None:
    written.post.graph.boxes.deliver(BOX, "somebody else's", "Private")
    written.post.graph.boxes.deliver("math@example.ac.uk", written.conversation, "Elsewhere")

    assert written.collects() == []
    assert written.post.graph.asked["look"] == 0


def test_a_crash_before_everything_is_recorded_repeats_and_loses_nothing(
    written: Written,
) -> None:
    for text in ("One", "Two", "Three"):
        written.post.clock.forward(seconds=1)
        written.arrives(text)
    first = next(iter(written.post.mailer.answers(BOX)))
    assert written.records(first) == "One"

    assert written.collects() == ["One", "Two", "Three"]
    assert written.post.world.answers() == ["One", "Two", "Three"]


def test_where_graph_no_longer_knows_the_mark_it_is_read_anew_and_recorded_once(
    written: Written,
) -> None:
    written.arrives("One")
    written.collects()
    written.post.graph.routes.epoch += 1
    written.arrives("Two")

    assert written.collects() == ["One", "Two"]
    assert written.post.world.answers() == ["One", "Two"]
    assert written.collects() == []


def test_a_mark_that_leads_elsewhere_is_not_followed(written: Written) -> None:
    store = written.post.world.store
    mailboxes.remember_read(store, BOX, "https://mallory.example/v1.0/users/x/messages/delta")
    written.arrives("One")

    assert written.collects() == ["One"]


def test_when_graph_fails_the_mark_stays(written: Written) -> None:
    written.arrives("One")
    written.post.graph.faults.planned += [("look", Fault.DOWN)] * 3
    with pytest.raises(MailError):
        written.collects()

    assert written.collects() == ["One"]


BOUNCE = {"message_class": "REPORT.IPM.Note.NDR"}
ABSENT = {"message_class": "IPM.Note.Rules.OofTemplate.Microsoft"}
AUTOMATIC = {"Auto_Submitted": "auto-replied"}


@pytest.mark.parametrize("how", [ABSENT, AUTOMATIC], ids=["absent", "auto-submitted"])
def test_an_automatic_reply_is_context_and_no_answer(written: Written, how: dict[str, str]) -> None:
    written.arrives("I am away.", **how)
    written.collects()

    (reply,) = written.post.world.rows(replies)
    assert reply["kind"] == AnswerKind.AUTOMATIC
    assert written.post.world.case(written.case).status is CaseStatus.IN_CONTACT


def test_a_bounce_is_no_contact(written: Written) -> None:
    written.arrives("Your message could not be delivered.", **BOUNCE)
    written.collects()

    (reply,) = written.post.world.rows(replies)
    assert reply["kind"] == AnswerKind.BOUNCE
    assert written.post.world.case(written.case).status is CaseStatus.DISCUSSING


def test_where_only_a_file_came_our_own_mail_is_not_the_answer(written: Written) -> None:
    written.arrives("")

    (answer,) = written.post.mailer.answers(BOX)
    assert (answer.kind, answer.body) == (AnswerKind.ANSWER, "")


@pytest.mark.parametrize("status", [400, 404, 410])
def test_however_graph_forgets_its_mark_nothing_is_lost(written: Written, status: int) -> None:
    written.arrives("One")
    written.collects()
    written.post.graph.routes.forgets_with = status
    written.post.graph.routes.epoch += 1
    written.arrives("Two")

    written.collects()
    assert written.post.world.answers() == ["One", "Two"]


@pytest.mark.parametrize("kind", ["the same page", "no end", "never known"])
def test_where_graph_goes_in_circles_the_look_ends_and_begins_anew(
    written: Written, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Graph does all three: it repeats a list, never ends one, or does not know its own marks."""
    written.arrives("One")
    routes, plain, count = written.post.graph.routes, written.post.graph.routes._delta, [0]

    def circles(mailbox: str, request: httpx.Request) -> dict[str, Any]:
        count[0] += 1
        if kind == "never known" and "$skiptoken" in request.url.params:
            raise Refused(410, "SyncStateNotFound")
        page = plain(mailbox, httpx.Request("GET", FIRST_PAGE, headers=request.headers))
        link = f"{FIRST_PAGE}&$skiptoken={count[0]}"
        value = [] if kind == "no end" and count[0] > 1 else page["value"]
        return {"value": value, "@odata.nextLink": link}

    with monkeypatch.context() as patched:
        patched.setattr(routes, "_delta", circles)
        found = written.post.mailer.answers(BOX)
        assert next(found).body == "One"
        with pytest.raises(MailError, match="without an end"):
            list(found)
    assert count[0] < 100
    written.arrives("Two")
    assert sorted(written.collects()) == ["One", "Two"], "as soon as Graph is itself again"


@pytest.mark.parametrize("host", ["https://graph.microsoft.test/v1.0", "https://mallory.test"])
def test_the_next_page_is_asked_of_the_server_that_we_use(
    written: Written, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Behind a proxy, links from Graph name another host, which must never receive the token."""
    routes, plain = written.post.graph.routes, written.post.graph.routes._delta

    def elsewhere(mailbox: str, request: httpx.Request) -> dict[str, Any]:
        page = plain(mailbox, request)
        assert request.url.host == "graph.test"
        return {
            name: value.replace(URL, host) if name.startswith("@odata.") else value
            for name, value in page.items()
        }

    monkeypatch.setattr(routes, "_delta", elsewhere)
    for number in range(120):
        written.post.clock.forward(seconds=1)
        written.arrives(f"Answer {number}")
    assert written.collects() == [f"Answer {number}" for number in range(120)]
    written.arrives("One more")
    assert written.collects() == ["One more"]


def test_a_page_without_a_link_is_told_and_loses_nothing(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.arrives("One")
    routes, plain = written.post.graph.routes, written.post.graph.routes._delta
    with monkeypatch.context() as patched:
        patched.setattr(routes, "_delta", lambda *asked: {"value": plain(*asked)["value"]})
        with pytest.raises(MailError, match="cannot read"):
            written.collects()
    written.collects()
    assert written.post.world.answers() == ["One"]
