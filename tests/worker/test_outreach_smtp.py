"""The protocol over real SMTP and IMAP servers: sent once, or for a person, whatever is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.mail.smtp.account import Server, SmtpAccount
from integrations.mail.smtp.imap import Mailbox, open_mailbox
from integrations.mail.smtp.mailer import SmtpMailer
from integrations.mail.smtp.submission import Submission
from store.rules.model import AnswerKind, CaseStatus, OutboxKind
from store.tables import outbox, outreach, policies, replies
from tests.integrations.graph_post import BOX, Sleeper
from tests.mail_servers import Handler, arrives, empty, imap_server, messages, smtp_server
from tests.servers import free_port
from tests.worker.mail_service import Crash
from tests.worker.office import Office, office_in
from worker.doctor.outside import try_credentials
from worker.jobs.outreach.receive_replies import collect_replies
from worker.jobs.outreach.send import send_due

DRAFTS, SENT = "\\Drafts", "\\Sent"


@pytest.fixture(scope="module")
def imap() -> Iterator[Server]:
    with imap_server() as server:
        yield server


@dataclass
class Post:
    """The office, its mail servers, and what they did."""

    office: Office
    handler: Handler
    imap: Server

    @property
    def mailer(self) -> SmtpMailer:
        assert isinstance(self.office.services.mailer, SmtpMailer)
        return self.office.services.mailer

    def works(self, minutes: float = 5) -> None:
        """The worker looks every minute for so long."""
        for _ in range(int(minutes) + 1):
            send_due(self.office.services)
            self.office.clock.forward(minutes=1)

    @property
    def state(self) -> tuple[str, str]:
        (row,) = self.office.world.rows(outbox, kind=OutboxKind.MAIL)
        (mail,) = self.office.world.rows(outreach, id=row["outreach_id"])
        return row["state"], mail["status"]

    def case(self) -> int:
        (mail,) = self.office.world.rows(outreach)
        return int(mail["case_id"])


@pytest.fixture
def post(tmp_path: Path, imap: Server) -> Iterator[Post]:
    """One approved email is due."""
    empty(imap)
    handler = Handler()
    with office_in(tmp_path) as office, smtp_server(handler) as smtp:
        sleep = Sleeper(office.clock)
        mailer = SmtpMailer(SmtpAccount(smtp, imap), office.services.store, sleep)
        office.services = replace(office.services, mailer=mailer)
        office.has_approved_mails(1)
        yield Post(office, handler, imap)


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
    _put(post.imap, SENT, arrived)
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
"""What the process dies at, and at which time: the draft is put there first, then the copy in Sent.
"""
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
    """The process dies at this step, when it is taken for this time; gives the times."""
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


def test_a_reply_an_absence_note_and_a_bounce_reach_the_case_once(post: Post) -> None:
    post.works(0)
    (left,) = post.handler.left
    arrives(post.imap, b"From: shop@example.com\r\nMessage-ID: <1@shop>\r\n\r\nBuy now\r\n")
    arrives(post.imap, _bounce(left))
    arrives(post.imap, _reply(left, "Thank you, I was ill."))
    for _ in range(2):
        collect_replies(post.office.services)

    rows = post.office.world.rows(replies)
    assert [row["kind"] for row in rows] == [AnswerKind.BOUNCE, AnswerKind.ANSWER]
    assert post.office.world.case(post.case()).status is CaseStatus.RESPONDED
    assert all("\\Seen" not in str(each) for each in messages(post.imap, "INBOX"))
    assert len(messages(post.imap, "INBOX")) == 3


def test_a_draft_that_a_colleague_changed_is_not_sent(post: Post) -> None:
    post.handler.refuse["RCPT"] = "450 4.2.0 Later"
    post.works(0)
    (draft,) = messages(post.imap, DRAFTS)
    empty(post.imap)
    draft.replace_header("Subject", "Final warning")
    _put(post.imap, DRAFTS, draft.as_bytes())
    post.works(5)

    assert post.handler.left == []
    assert post.state == ("unknown", "unknown")


def test_erasing_takes_away_the_copy_in_sent_and_the_reply(post: Post) -> None:
    post.works(0)
    (left,) = post.handler.left
    arrives(post.imap, _reply(left, "Thank you."))
    (answer,) = post.mailer.answers(BOX)
    (row,) = post.office.world.rows(outbox, kind=OutboxKind.MAIL)

    assert post.mailer.read_again(BOX, answer.message) == answer
    assert post.mailer.erase_answer(BOX, answer.message)
    assert not post.mailer.erase_answer(BOX, answer.message), "a colleague has moved it"
    assert post.mailer.read_again(BOX, answer.message) is None
    assert post.mailer.erase(BOX, row["idem_key"])
    assert messages(post.imap, SENT) == messages(post.imap, "INBOX") == []


def _put(server: Server, use: str, raw: bytes) -> None:
    with open_mailbox(server, "") as box:
        box.append(box.folder(use), "(\\Seen)", raw)


def _reply(sent: EmailMessage, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sent["To"], sent["From"]
    message["Subject"] = f"Re: {sent['Subject']}"
    message["Message-ID"] = "<answer@students.example.ac.uk>"
    message["In-Reply-To"] = message["References"] = sent["Message-ID"]
    message.set_content(text)
    return message


def _bounce(sent: EmailMessage) -> bytes:
    lines = [
        "From: MAILER-DAEMON@mx.example.ac.uk",
        f"To: {BOX}",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <bounce@mx.example.ac.uk>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "Your message could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.ac.uk",
        "",
        f"Final-Recipient: rfc822; {sent['To']}",
        "Action: failed",
        "Status: 5.1.1",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {sent['Message-ID']}",
        f"X-Lantern-Key: {sent['X-Lantern-Key']}",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("has_schools", [True, False])
def test_the_doctor_signs_in_to_both_servers(post: Post, has_schools: bool) -> None:
    if not has_schools:
        with post.office.services.store.unit_of_work() as work:
            work.connection.execute(sa.update(policies).values(effective=dt.date(2099, 9, 1)))
    assert [str(each) for each in try_credentials(post.office.services)] == [
        "ok   SMTP_PASSWORD is accepted",
        "ok   IMAP_PASSWORD is accepted",
    ]

    account = post.mailer.account
    post.mailer.account = SmtpAccount(
        replace(account.smtp, password="wrong"), replace(account.imap, port=free_port())
    )
    wrong, away = (str(each) for each in try_credentials(post.office.services))
    assert wrong.startswith("FAIL The setting SMTP_PASSWORD cannot be used"), wrong
    assert "refused the sign-in (535 5.7.8)" in wrong, wrong
    assert away.startswith("FAIL IMAP_PASSWORD"), away
    assert "IMAP_HOST" in away, away
