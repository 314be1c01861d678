"""Incoming emails: replies are found by their conversation, others are left alone."""

from pathlib import Path

import pytest

from integrations.mail.interface import MailError
from tests.integrations.folder_mail import BOX, HEADERS, MAIL, NOW, OURS, mailer, put


def test_an_answer_comes_back_by_its_conversation(tmp_path: Path) -> None:
    mine = mailer(tmp_path)
    draft = mine.draft(MAIL)
    mine.send(BOX, draft.ref)
    mine.answer_as_student(BOX, draft.ref, "I was ill.\nI am back now.")

    (answer,) = mine.answers(BOX)
    assert answer.conversation == draft.conversation
    assert answer.body == "I was ill.\nI am back now."
    assert answer.received_at == NOW
    assert list(mine.answers(BOX)) == [answer]


def test_the_same_key_answers_once(tmp_path: Path) -> None:
    mine = mailer(tmp_path)
    draft = mine.draft(MAIL)
    mine.send(BOX, draft.ref)
    for key in ("form-1", "form-1", "form-2"):
        mine.answer_as_student(BOX, draft.ref, "Hello", key)

    assert len(list(mine.answers(BOX))) == 2


def test_a_draft_cannot_be_answered(tmp_path: Path) -> None:
    draft = mailer(tmp_path).draft(MAIL)
    with pytest.raises(MailError, match="not been sent"):
        mailer(tmp_path).answer_as_student(BOX, draft.ref, "How do I know?")


def test_an_empty_mailbox_has_no_answers(tmp_path: Path) -> None:
    assert list(mailer(tmp_path).answers(BOX)) == []


@pytest.mark.parametrize("header", ["In-Reply-To: ", "References: <other@example.org> "])
def test_html_alone_is_read_as_text(tmp_path: Path, header: str) -> None:
    html = (
        "<html><head><style>p{}</style><title>No</title></head><body><p>I am\nfine &amp; well."
        "<br>Dana</p><script>alert(1)</script></body></html>"
    )
    raw = f"Message-ID: <1@x>\n{header}{OURS}\nContent-Type: text/html\n\n{html}"
    put(tmp_path, "1.eml", raw.encode())

    (answer,) = mailer(tmp_path).answers(BOX)
    assert (answer.body, answer.conversation) == ("I am fine & well.\nDana", OURS)


def test_mail_that_answers_nothing_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "1.eml", b"Message-ID: <1@x>\nSubject: Lunch?\n\nToday?")
    put(tmp_path, "2.eml", b"Message-ID: <2@x>\nIn-Reply-To: <lunch@x>\n\nYes.")
    put(
        tmp_path,
        "notes.txt",
        b"From: dana@students.example.ac.uk\nIn-Reply-To: " + OURS.encode() + b"\n\nNo mail.",
    )

    assert list(mailer(tmp_path).answers(BOX)) == []


def test_what_has_a_sender_comes_back_without_a_conversation(tmp_path: Path) -> None:
    """The reader of the message can tell whether the sender had been asked something."""
    put(tmp_path, "1.eml", b"From: Dana <dana@students.example.ac.uk>\n\nI was ill.")

    (answer,) = mailer(tmp_path).answers(BOX)
    assert (answer.sender, answer.conversation) == ("dana@students.example.ac.uk", "")


def test_answers_come_oldest_first(tmp_path: Path) -> None:
    for name, date in (("1", "Tue, 21 Oct 2025 10:00:00 +0100"), ("2", "20 Oct 2025 10:00 -0000")):
        raw = f"Message-ID: <{name}@x>\nDate: {date}\nIn-Reply-To: {OURS}\n\n{name}"
        put(tmp_path, f"{name}.eml", raw.encode())

    assert [answer.body for answer in mailer(tmp_path).answers(BOX)] == ["2", "1"]


NESTED = "Content-Type: message/rfc822\n\n" * 1_200 + "Content-Type: text/plain\n\nHello"
BAD = {
    "a message of 40 MB": (f"{HEADERS}\n" + "x" * 40_000_000, "The email is too large"),
    "messages within messages": (HEADERS + NESTED, "The email cannot be read"),
    "fifty messages within messages": (HEADERS + NESTED[31 * 1_150 :], ""),
    "no date": (f"{HEADERS}\nHello", ""),
    "no sender": (f"In-Reply-To: {OURS}\n\nHello", ""),
    "nothing": ("", None),
    **{
        f"dated {date}": (f"{HEADERS}Date: {date}\n\nHello", "")
        for date in (
            "Fri, 31 Dec 9999 23:59:00 -1200",
            "Mon, 1 Jan 0001 00:01:00 +1200",
            "Mon, 20 Oct 2099 10:01:00 +0000",
            "Mon, 20 Oct 2025 10:01:00 +9999",
            "99999999999999999999",
            "yesterday",
        )
    },
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_message_keeps_back_no_other_and_is_told(tmp_path: Path, bad: str) -> None:
    raw, unread = BAD[bad]
    put(tmp_path, "bad.eml", raw.encode())
    put(tmp_path, "good.eml", f"Message-ID: <good@x>\nIn-Reply-To: {OURS}\n\nGood".encode())
    (tmp_path / BOX / "inbox" / "folder.eml").mkdir()

    mine = mailer(tmp_path)
    found = {each.message: each for each in mine.answers(BOX)}

    assert found.pop("<good@x>").body == "Good"
    assert [each.unread[: len(unread or "")] for each in found.values()] == (
        [] if unread is None else [unread]
    )
    for each in found.values():
        assert each.conversation == OURS
        assert each.received_at <= NOW
        if each.unread:
            with pytest.raises(MailError, match=each.unread):
                mine.read_again(BOX, each.message)
        else:
            assert mine.read_again(BOX, each.message) == each
        assert mine.erase_answer(BOX, each.message)
        assert mine.read_again(BOX, each.message) is None


def test_two_messages_with_one_id_are_two_answers_and_a_copy_is_one(tmp_path: Path) -> None:
    for name, words in (("1", "Hello"), ("2", "I am ill"), ("3", "Hello")):
        put(tmp_path, f"{name}.eml", f"{HEADERS}\n{words}".encode())
    found = {each.message: each.body for each in mailer(tmp_path).answers(BOX)}
    assert found == {"<bad@x>": "Hello", "2.eml": "I am ill"}
