"""A case's owner can read every student's email: once, complete and with its true kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from store.actions.outreach.reply_words import NO_WORDS
from store.actions.schools.load_roster import load_roster
from store.queries.readiness.answer_read import is_answer_unread
from store.rules.model import AnswerKind, Doubt, OutreachStatus, Role
from store.rules.schools import Roster, StaffEntry
from store.tables import notices, replies, troubles
from tests.fakes.graph.routes import Refused
from tests.integrations.graph_post import BOX
from tests.people import LANGUAGES
from tests.worker.answered_mail import WORDS, StudentPost, post

__all__ = ["post"]


@pytest.mark.parametrize("folder", ["junkemail", "deleteditems", "a folder of a rule's"])
def test_a_reply_that_was_moved_before_the_look_is_read(post: StudentPost, folder: str) -> None:
    post.looks()
    post.graph.boxes.move(post.arrives(WORDS), folder)
    for _ in range(3):
        post.office.clock.forward(minutes=10)
        post.looks()

    assert post.kept() == (AnswerKind.ANSWER, "", WORDS)
    assert WORDS in post.owner_reads()
    asked = post.graph.asked["look"]
    post.looks()
    assert post.graph.asked["look"] == asked, "what is recorded is not opened again"


def test_a_reply_that_is_moved_after_the_look_is_recorded_once(post: StudentPost) -> None:
    ref = post.arrives(WORDS)
    post.looks()
    post.graph.boxes.move(ref, "a folder of a colleague's")
    post.looks()
    assert post.kept() == (AnswerKind.ANSWER, "", WORDS)


def test_a_student_who_also_teaches_is_heard(post: StudentPost) -> None:
    address = post.sent[0]["recipient"]
    tutor = StaffEntry(address, "An Invented Tutor", ((LANGUAGES, Role.MODULE_ORGANISER),))
    load_roster(post.office.world.store, Roster(staff=(tutor,)))
    post.arrives(WORDS)
    post.looks()
    assert post.kept() == (AnswerKind.ANSWER, "", WORDS)


def test_words_in_the_subject_alone_are_read(post: StudentPost) -> None:
    post.arrives("", subject="I want to end my life")
    post.looks()
    assert post.kept() == (AnswerKind.ANSWER, "", "Subject: I want to end my life")
    assert "I want to end my life" in post.owner_reads()
    urgent = [row for row in post.office.world.rows(notices) if row["kind"] == "read-now"]
    assert urgent, "a sign of danger is found there too"


@pytest.mark.parametrize("before", ["Re: ", "AW: RE: ", "[EXTERNAL] Re: ", "[SPAM?] Re : ", ""])
def test_our_own_subject_is_not_the_students(post: StudentPost, before: str) -> None:
    post.arrives(WORDS, subject=f"{before}{post.sent[0]['subject']}")
    post.looks()
    assert post.kept() == (AnswerKind.ANSWER, "", WORDS)


@pytest.mark.parametrize("picture", ["[cid:image001.png@01DC]", "[image: IMG_0001.jpg]", ""])
def test_a_reply_of_a_picture_alone_is_said_to_have_no_words(
    post: StudentPost, picture: str
) -> None:
    post.arrives(picture)
    post.looks()
    assert post.kept() == (AnswerKind.ANSWER, "", NO_WORDS)
    assert NO_WORDS in post.owner_reads()


@pytest.mark.parametrize(
    ("message_class", "choice"),
    [("Pos", "accepted"), ("Neg", "declined"), ("Tent", "provisionally accepted")],
)
def test_a_calendars_answer_without_words_is_doubtful_and_says_what_was_chosen(
    post: StudentPost, message_class: str, choice: str
) -> None:
    post.arrives("", message_class=f"IPM.Schedule.Meeting.Resp.{message_class}")
    post.looks()
    said = f"[An invitation in the calendar was {choice}.]"
    assert post.kept() == (AnswerKind.DOUBTFUL, Doubt.AUTOMATIC, said)
    assert said in post.check()


def test_a_calendars_answer_with_words_is_an_answer(post: StudentPost) -> None:
    post.arrives("Sorry, not on Tuesday.", message_class="IPM.Schedule.Meeting.Resp.Neg")
    post.looks()
    assert post.kept() == (AnswerKind.ANSWER, "", "Sorry, not on Tuesday.")


EXCHANGE = "spf={0} (sender IP is 192.0.2.1) smtp.mailfrom=x.example; dkim={1}; dmarc={2}"


@pytest.mark.parametrize(
    ("results", "is_proven"),
    [
        (EXCHANGE.format("fail", "none", "fail") + " action=none;compauth=fail reason=000", False),
        (EXCHANGE.format("fail", "none", "none"), False),
        (EXCHANGE.format("pass", "pass", "fail"), False),
        (EXCHANGE.format("fail", "none", "fail") + ";compauth=pass reason=130", True),
        (EXCHANGE.format("fail", "fail", "fail") + ";compauth=none reason=451", True),
        (EXCHANGE.format("fail", "pass", "none"), True),
        (EXCHANGE.format("softfail", "none", "none"), True),
        (EXCHANGE.format("pass", "pass", "pass"), True),
        ("mx.example.ac.uk; dkim=fail; dkim=pass; spf=fail", True),
        ("mx.example.ac.uk 1; none", True),
        ("spf", True),
        ("", True),
    ],
)
def test_who_pretends_to_be_the_student_is_doubtful(
    post: StudentPost, results: str, *, is_proven: bool
) -> None:
    post.arrives(WORDS, Authentication_Results=results)
    post.looks()
    doubtful = (AnswerKind.DOUBTFUL, Doubt.UNPROVEN, WORDS)
    assert post.kept() == ((AnswerKind.ANSWER, "", WORDS) if is_proven else doubtful)
    if not is_proven:
        shown = post.check()
        assert WORDS in shown
        assert "could not confirm that this came from the sender" in shown


def test_spf_alone_counts_where_no_other_result_is_there(post: StudentPost) -> None:
    post.arrives(WORDS, Received_SPF="Fail (protection.outlook.example: not permitted)")
    post.looks()
    assert post.kept() == (AnswerKind.DOUBTFUL, Doubt.UNPROVEN, WORDS)


def test_a_link_of_ours_in_the_subject_loses_its_secret(post: StudentPost) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJtYWlsIjoxfQ.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    post.arrives("It fails.", subject=f"https%3A%2F%2Flantern.example%2Fstudent%2F{token}")
    post.looks()
    shown = post.owner_reads()
    assert "It fails." in shown
    assert token[-43:] not in shown


def test_a_reply_that_is_gone_between_the_list_and_its_opening_is_told(
    post: StudentPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, plain = post.arrives(WORDS), post.graph.routes._message

    def seen(mailbox: str, ref: str) -> Any:
        if ref.startswith(gone):
            raise Refused(404, "ErrorItemNotFound")
        return plain(mailbox, ref)

    monkeypatch.setattr(post.graph.routes, "_message", seen)
    post.looks()
    (trouble,) = post.office.world.rows(troubles)
    assert trouble["case_id"] == post.sent[0]["case_id"]
    assert "moved or deleted" in trouble["reason"]
    assert "draft" not in trouble["reason"]
    for _ in range(3):
        post.office.clock.forward(hours=3)
        post.looks()
    assert [row["kind"] for row in post.office.world.rows(notices)].count("trouble") >= 1


@pytest.mark.parametrize("status", [403, 423])
def test_a_protected_answer_stops_no_other_and_is_read_once_it_may_be(
    post: StudentPost, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    locked, other = post.arrives(WORDS), post.sent[1]
    post.graph.boxes.deliver(BOX, other["conversation"], "Thank you.", sender=other["recipient"])
    plain = post.graph.routes._message

    def seen(mailbox: str, ref: str) -> Any:
        if ref.startswith(locked):
            raise Refused(status, "ErrorAccessDenied")
        return plain(mailbox, ref)

    with monkeypatch.context() as protected:
        protected.setattr(post.graph.routes, "_message", seen)
        for _ in range(5):
            post.looks()
            post.office.clock.forward(hours=3)
        assert [row["case_id"] for row in post.office.world.rows(replies)] == [other["case_id"]]
        (trouble,) = post.office.world.rows(troubles)
        assert trouble["case_id"] == post.sent[0]["case_id"]
        assert "does not let Lantern open this message" in trouble["reason"]
        assert "RBAC" not in trouble["reason"], "the mailbox itself may be used"
        told = [row["staff_id"] for row in post.office.world.rows(notices, kind="trouble")]
        assert len(told) == len(set(told)) > 0

    post.office.clock.forward(days=1)
    post.looks()
    assert post.office.world.answers() == ["Thank you.", WORDS]
    assert not post.office.world.rows(troubles)


@pytest.mark.parametrize("days", [-20, 1, 180_000])
def test_whatever_a_clock_elsewhere_says_an_answer_came_after_our_email_and_before_now(
    post: StudentPost, days: int
) -> None:
    wrong = post.office.clock.now + dt.timedelta(days=days)
    post.graph.boxes.messages[post.arrives(WORDS)].created = wrong
    post.looks()

    (row,) = post.office.world.rows(replies)
    assert post.sent[0]["sent_at"] <= row["received_at"] <= post.office.clock.now
    assert WORDS in post.owner_reads()
    with post.office.services.store.database.read() as connection:
        case = post.office.world.case(post.sent[0]["case_id"])
        assert not is_answer_unread(connection, case, post.office.world.staff("alice"))


@pytest.mark.parametrize("copied", ["Message-ID: {0}", "> Message-Id:   {0}"])
def test_a_bounce_that_names_our_email_in_its_text_alone_is_found(
    post: StudentPost, copied: str
) -> None:
    """The bounce is another server's, in its own conversation, without a reference."""
    ours = copied.format(post.sent[0]["message_id"])
    ref = post.graph.boxes.deliver(
        BOX,
        "of the bounce",
        f"The address could not be found (550 5.1.1).\nOriginal message headers:\n{ours}",
        message_class="REPORT.IPM.Note.NDR",
        sender="mailer-daemon@mx.other.example",
    )
    post.graph.boxes.deliver(BOX, "another", "Not of ours", sender="postmaster@x.example")
    post.looks()
    (row,) = post.office.world.rows(replies)
    assert (row["message_id"], row["kind"]) == (ref, AnswerKind.BOUNCE)
    assert post.office.world.mail(post.sent[0]["id"]).status is OutreachStatus.BOUNCED
