"""The protocol over real SMTP and IMAP servers: an email is sent once, or a person decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from integrations.mail.smtp.imap import Mailbox, open_mailbox
from integrations.mail.smtp.submission import Submission
from store.tables import outreach
from tests.integrations.graph_post import BOX
from tests.mail_servers import messages
from tests.worker.mail_service import Crash
from tests.worker.post import DRAFTS, SENT, Post, imap, post, put
from worker.jobs.outreach.send import send_due

__all__ = ["imap", "post"]


def test_an_email_leaves_as_approved_and_lies_in_sent(post: Post) -> None:
    post.works(0)

    (left,) = post.handler.left
    (mail,) = post.office.world.rows(outreach)
    assert post.state == ("sent", "sent")
    assert (left["To"], left["Subject"]) == (mail["recipient"], mail["subject"])
    assert left["Message-ID"] == mail["message_id"] == mail["conversation"]
    assert post.handler.envelopes == [(BOX, (mail["recipient"],))]
    (kept,) = messages(post.imap, SENT)
    assert kept["Message-ID"] == left["Message-ID"]
    assert messages(post.imap, DRAFTS) == []


@pytest.mark.parametrize(
    ("step", "reply", "state"),
    [
        ("MAIL", "451 4.3.0 Later", "sent"),
        ("MAIL", "550 5.7.1 Not this sender", "sent"),
        ("RCPT", "450 4.7.1 Greylisted", "sent"),
        ("RCPT", "550 5.1.1 dana is unknown here", "cancelled"),
        ("RCPT", "550 dana is unknown here", "cancelled"),
        ("DATA", "554 5.7.1 Refused", "sent"),
        ("DATA", "552 5.3.4 Too large", "cancelled"),
        ("DATA", "499 nonsense", "sent"),
    ],
)
def test_a_refusal_waits_or_is_final_and_doubles_nothing(
    post: Post, step: str, reply: str, state: str
) -> None:
    post.handler.refuse[step] = reply
    post.works(30)

    assert post.state[1] == state
    assert len(post.handler.left) == (state == "sent")
    assert messages(post.imap, DRAFTS) == [], "and no draft is left"


@pytest.mark.parametrize("silent", ["before", "after"])
def test_where_the_server_does_not_say_a_person_looks_and_nothing_is_sent_again(
    post: Post, silent: str
) -> None:
    post.handler.silent.append(silent)
    post.works(40)

    assert post.state == ("unknown", "unknown")
    assert len(post.handler.left) == (silent == "after")
    assert len(messages(post.imap, DRAFTS)) == 1, "with its star, for the person who looks"


@pytest.mark.parametrize("was_sent", [True, False])
def test_what_the_person_found_in_the_servers_log_is_heard(post: Post, was_sent: bool) -> None:
    post.handler.silent.append("after" if was_sent else "before")
    post.works(40)
    assert post.state == ("unknown", "unknown")
    with open_mailbox(post.mailer.account.imap, BOX) as box:
        folder = box.folder(DRAFTS)
        (mail,) = post.office.world.rows(outreach)
        (draft,) = box.with_id(folder, mail["message_id"], to_change=True)
        if was_sent:
            whole = box.whole(draft.uid)
            assert whole
            box.append(box.folder(SENT), "\\Seen", whole.raw)
        else:
            box.unmark(draft.uid)

    post.works(20)

    ended = "sent" if was_sent else "cancelled"
    assert post.state == (ended, ended)
    assert len(post.handler.left) == was_sent
    assert was_sent or messages(post.imap, DRAFTS) == []


def test_where_the_server_files_it_as_sent_nothing_is_unknown(post: Post) -> None:
    post.handler.silent.append("after")
    post.works(2)
    arrived = post.handler.left[0].as_bytes()
    put(post.imap, SENT, arrived)
    post.works(5)

    assert post.state == ("sent", "sent")
    assert len(post.handler.left) == 1


STEPS: list[tuple[type, str, int]] = [
    (Mailbox, "append", 1),
    (Mailbox, "append", 2),
    (Mailbox, "mark_submitted", 1),
    (Mailbox, "delete", 1),
    (Submission, "begin", 1),
    (Submission, "finish", 1),
]
"""The steps at which the process dies, and at which call: first the draft, then the copy in
Sent."""
KNOWN_AFTERWARDS = ("delete", "begin")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "step", "number"), STEPS)
def test_a_worker_that_dies_at_any_step_doubles_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch, kind: type, step: str, number: int, when: str
) -> None:
    taken = _dies(monkeypatch, kind, step, number, when)
    for _ in range(45):
        try:
            send_due(post.office.services)
        except Crash:
            post.office.clock.forward(minutes=3)
        post.office.clock.forward(minutes=1)

    state, left = post.state[1], len(post.handler.left)
    assert left <= 1
    if state == "sent":
        assert left == 1
    else:
        assert state == "unknown", "what cannot be known is for a person"
        assert step not in KNOWN_AFTERWARDS
    assert taken


def _dies(
    monkeypatch: pytest.MonkeyPatch, kind: type, step: str, number: int, when: str
) -> list[int]:
    """Have the process die at this step's n-th call, and return the list of calls."""
    usual: Callable[..., object] = getattr(kind, step)
    taken: list[int] = []

    def fatal(*args: object, **given: object) -> object:
        taken.append(1)
        if len(taken) == number and when == "before":
            raise Crash
        done = usual(*args, **given)
        if len(taken) == number and when == "after":
            raise Crash
        return done

    monkeypatch.setattr(kind, step, fatal)
    return taken
