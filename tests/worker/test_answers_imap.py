"""A real mailbox's content after replies, bounces, changed drafts, and an erasure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from integrations.mail.smtp.account import SmtpAccount
from integrations.mail.smtp.imap import open_mailbox
from store.rules.model import AnswerKind, CaseStatus, OutboxKind
from store.tables import outbox, policies, replies, troubles
from tests.integrations.graph_post import BOX
from tests.mail_servers import arrives, empty, messages
from tests.servers import free_port
from tests.worker.post import DRAFTS, SENT, Post, imap, post, put
from worker.doctor.outside import try_credentials
from worker.jobs.outreach.receive_replies import collect_replies

__all__ = ["imap", "post"]


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
    put(post.imap, DRAFTS, draft.as_bytes())
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


def test_a_reply_that_a_filter_moved_is_read_once(post: Post) -> None:
    use = "\\Junk"
    post.works(0)
    (left,) = post.handler.left
    collect_replies(post.office.services)
    put(post.imap, use, _reply(left, "Thank you, I was ill.").as_bytes())
    for _ in range(2):
        collect_replies(post.office.services)
    arrives(post.imap, _reply(left, "Thank you, I was ill."))
    collect_replies(post.office.services)

    assert post.office.world.answers()[0] == "Thank you, I was ill."
    assert post.office.world.case(post.case()).status is CaseStatus.RESPONDED
    with open_mailbox(post.imap, "") as box:
        box.select(box.folder(use), to_change=True)
        box.delete(box.after(0, None))


def test_the_words_before_a_large_picture_are_read(post: Post) -> None:
    post.works(0)
    (left,) = post.handler.left
    reply = _reply(left, "I was ill, see the note.")
    reply.add_attachment(b"x" * 5_000_000, maintype="image", subtype="jpeg", filename="note.jpg")
    arrives(post.imap, reply)
    collect_replies(post.office.services)

    assert post.office.world.answers() == ["I was ill, see the note."]
    assert post.office.world.rows(troubles) == []
    (answer,) = post.office.world.rows(replies)
    again = post.mailer.read_again(BOX, answer["message_id"])
    assert again
    assert again.body.strip() == "I was ill, see the note."


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
    post.mailer.account = SmtpAccount(replace(account.smtp, user="", password=""), account.imap)
    assert "SMTP_PASSWORD" not in str(next(try_credentials(post.office.services)))
    post.mailer.account = SmtpAccount(
        replace(account.smtp, password="wrong"), replace(account.imap, port=free_port())
    )
    wrong, away = (str(each) for each in try_credentials(post.office.services))
    assert wrong.startswith("FAIL The setting SMTP_PASSWORD cannot be used"), wrong
    assert "refused the sign-in (535 5.7.8)" in wrong, wrong
    assert away.startswith("FAIL IMAP_PASSWORD"), away
    assert "IMAP_HOST" in away, away
