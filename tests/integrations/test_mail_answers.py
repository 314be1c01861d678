"""What comes back: answers are found by their conversation, everything else is left alone."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.mail import eml
from integrations.mail.charset import decoded
from integrations.mail.eml_parts import UNREADABLE
from integrations.mail.interface import MailError
from tests.integrations.folder_mail import BOX, MAIL, NOW, mailer, put


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


OURS = "<" + "a" * 32 + "@lantern.invalid>"


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
    """Whether the sender was asked something, who reads it knows."""
    put(tmp_path, "1.eml", b"From: Dana <dana@students.example.ac.uk>\n\nI was ill.")

    (answer,) = mailer(tmp_path).answers(BOX)
    assert (answer.sender, answer.conversation) == ("dana@students.example.ac.uk", "")


def test_answers_come_oldest_first(tmp_path: Path) -> None:
    for name, date in (("1", "Tue, 21 Oct 2025 10:00:00 +0100"), ("2", "20 Oct 2025 10:00 -0000")):
        raw = f"Message-ID: <{name}@x>\nDate: {date}\nIn-Reply-To: {OURS}\n\n{name}"
        put(tmp_path, f"{name}.eml", raw.encode())

    assert [answer.body for answer in mailer(tmp_path).answers(BOX)] == ["2", "1"]


HEADERS = f"From: dana@students.example.ac.uk\nMessage-ID: <bad@x>\nIn-Reply-To: {OURS}\n"
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


@pytest.mark.parametrize(
    ("charset", "raw"),
    [
        *(
            (each, "I was ill, café.".encode())
            for each in ("uft-8", "utf8 x", "klingon", "", "hex")
        ),
        ("unicode_escape", "I was ill, café.".encode()),
        ("us-ascii", "I was ill, café.".encode("cp1252")),
        ("windows-874", "ฉันป่วย café".encode()),
        ("windows-874", "ฉันป่วย".encode("cp874")),
        ("iso-8859-8-i", "הייתי חולה".encode("iso8859_8")),
        ("cp-850", "I was ill, café.".encode("cp850")),
        ("ks_c_5601-1987", "아팠어요".encode("cp949")),
        ("gb2312", "我生病了".encode("gb18030")),
        ("x-sjis", "病気でした".encode("cp932")),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_whatever_its_character_set_is_called_the_words_are_read(
    tmp_path: Path, charset: str, raw: bytes, kind: str
) -> None:
    head = f'In-Reply-To: {OURS}\nContent-Type: text/{kind}; charset="{charset}"\n\n'
    put(tmp_path, "1.eml", head.encode() + raw)

    (answer,) = mailer(tmp_path).answers(BOX)
    assert answer.body[:9] in ("I was ill", "ฉันป่วย c", *MEANT) or "�" in answer.body
    if charset != "windows-874" or raw == "ฉันป่วย".encode("cp874"):
        assert "�" not in answer.body


MEANT = ("ฉันป่วย", "הייתי חול", "아팠어요", "我生病了", "病気でした")


@pytest.mark.parametrize(
    "header",
    [
        'From: "a" <a@b.example>, , <',
        "From: =?klingon?B?!!!?= <<a@b>",
        "Subject: =?klingon?Q?caf=E9?=",
        "Message-ID: <<>",
        "Content-Type: multipart/alternative",
        "Content-Type: ;;;",
        "Content-Disposition: ;;",
        "Date: " + "(" * 50_000,
        "To: " + '"' * 50_000,
        "Content-Type: text/plain" + ";" * 50_000,
        "From: " + "(" * 50_000,
    ],
)
def test_a_senseless_header_loses_no_answer(tmp_path: Path, header: str) -> None:
    put(tmp_path, "1.eml", f"{header}\nIn-Reply-To: {OURS}\n\nI was ill.".encode())

    assert [each.body for each in mailer(tmp_path).answers(BOX)] == ["I was ill."]


@given(raw=st.binary(max_size=300))
@settings(deadline=None)
def test_whatever_arrives_is_read_or_refused_in_a_known_way(raw: bytes) -> None:
    head = b"Subject: =?x\nContent-Type: multipart/mixed; boundary=a\nDate: " + raw[:40] + b"\n\n"
    for message in (raw, head + raw):
        with contextlib.suppress(*UNREADABLE):
            assert isinstance(eml.read_email(message), eml.ParsedEmail)


def _parts(kind: str, *parts: tuple[str, str]) -> str:
    """A multipart message; each part is (its headers, its text)."""
    inside = "".join(f"--b\nContent-Type: {head}\n\n{text}\n" for head, text in parts)
    return f'Content-Type: multipart/{kind}; boundary="b"\n\n{inside}--b--\n'


PLAIN, HTML = "text/plain", "text/html"
FILE = "text/plain\nContent-Disposition: attachment; filename=reply.txt"
PICTURE = "image/png; name=a.png"
PUT_TOGETHER = {
    "a picture in between": (
        _parts("mixed", (PLAIN, "I was ill."), (PICTURE, "xx"), (PLAIN, "I need help.")),
        "I was ill.\n\nI need help.",
    ),
    "the same in HTML": (
        _parts("mixed", (HTML, "<p>I was ill.</p>"), (PICTURE, "xx"), (HTML, "I need help.")),
        "I was ill.\n\nI need help.",
    ),
    "plain text left empty": (
        _parts("alternative", (PLAIN, " "), (HTML, "<p>I was ill.</p>")),
        "I was ill.",
    ),
    "plain text that sends elsewhere": (
        _parts("alternative", (PLAIN, "This needs an HTML viewer."), (HTML, "I was ill.")),
        "I was ill.",
    ),
    "plain text that is a picture": (
        _parts("alternative", (PLAIN, "[cid:image001.png]"), (HTML, "I was ill.")),
        "I was ill.",
    ),
    "words sent as a file": (_parts("mixed", (FILE, "I was ill.")), "I was ill."),
    "a file beside the words": (
        _parts("mixed", (PLAIN, "I was ill."), (FILE, "Invented notes.")),
        "I was ill.",
    ),
    "HTML that calls itself plain": (
        "Content-Type: text/plain\n\n<html><body><p>I was ill.</p></body></html>",
        "I was ill.",
    ),
    "lines of an old Macintosh": (
        "Content-Type: text/plain\n\nI was ill.\rI need help.\r",
        "I was ill.\nI need help.",
    ),
}


@pytest.mark.parametrize("name", PUT_TOGETHER)
def test_however_a_reply_is_put_together_no_word_is_lost(tmp_path: Path, name: str) -> None:
    raw, words = PUT_TOGETHER[name]
    put(tmp_path, "1.eml", f"In-Reply-To: {OURS}\nMIME-Version: 1.0\n{raw}".encode())

    (answer,) = mailer(tmp_path).answers(BOX)
    assert answer.body == words


@pytest.mark.parametrize(
    ("charset", "raw", "words"),
    [
        ("utf-16", "é".encode("utf-16-be"), "é"),
        ("utf-16", "Hi é".encode("utf-16-le"), "Hi é"),
        ("utf-16", "é".encode("utf-16"), "é"),
        ("ucs-2", "Hi é".encode("utf-16-be"), "Hi é"),
        ("windows-31j", "病気".encode("cp932"), "病気"),
        ("x-euc-jp", "病気".encode("euc_jp"), "病気"),
        ("big5-eten", "病".encode("big5"), "病"),
        ("koi8-ru", "ї".encode("koi8-u"), "ї"),
        ("x-mac-ce", "é".encode("mac_latin2"), "é"),
        ("x-koi8-r", "я".encode("koi8-r"), "я"),
        ("x-iso-8859-2", "ł".encode("iso8859-2"), "ł"),
        ("utf-8", "\ufeffé".encode(), "é"),
    ],
)
def test_sets_by_the_names_that_programs_give_them(charset: str, raw: bytes, words: str) -> None:
    assert decoded(raw, charset) == words


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Content-Type: text/html\n\n<style>p{} <p>I was ill</p>", "p{}\nI was ill"),
        ("Content-Type: text/html\n\n<title>No<p>Hi</p></TITLE ><p>I was ill", "I was ill"),
        ("Content-Type: text/html; charset=utf-16\n\n<p>I was ill</p>", "I was ill"),
        ("Content-Type: text/plain; charset=utf-32\n\nI was ill", "I was ill"),
        (_parts("mixed", ("message/rfc822", "From: eve@x.example\n\nEve's own words")), ""),
        (_parts("mixed", (PLAIN, "See."), ("message/rfc822", "\nEve's own words")), "See."),
    ],
)
def test_no_word_is_lost_to_bad_mark_up_and_none_is_anothers(
    tmp_path: Path, raw: str, words: str
) -> None:
    put(tmp_path, "1.eml", f"In-Reply-To: {OURS}\nMIME-Version: 1.0\n{raw}".encode())
    (answer,) = mailer(tmp_path).answers(BOX)
    assert answer.body == words


MANY = "".join(f"\n <{number:060d}@mail.example>" for number in range(300))


@pytest.mark.parametrize(
    "headers",
    [
        f"References: {OURS}{MANY}\nIn-Reply-To: <{299:060d}@mail.example>",
        f"References:{MANY}\n {OURS}",
        f"In-Reply-To: {OURS[1:-1]}",
        f"References: {OURS[:10]}\n {OURS[10:]}",
        f'In-Reply-To: Your message of "Mon, 20 Oct" {OURS} (from us)',
        f"References: <one@x.example>,{OURS};",
        f"\ufeffSubject: Hi\nIn-Reply-To: {OURS}",
    ],
)
def test_however_its_references_are_written_a_reply_finds_our_email(
    tmp_path: Path, headers: str
) -> None:
    """Ours is the first of three hundred in a long thread; brackets are missing or folded."""
    start = "\ufeff" if headers.startswith("\ufeff") else ""
    put(tmp_path, "1.eml", f"{start}Message-ID: <1@x>\n{headers.lstrip(start)}\n\nHi".encode())
    (answer,) = mailer(tmp_path).answers(BOX)
    assert answer.conversation == OURS
    assert OURS in answer.references


def test_a_large_picture_behind_the_words_hides_none(tmp_path: Path) -> None:
    picture = "QUJD" * 2_000_000
    photo = "image/jpeg\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment"
    words = (PLAIN, "I was ill, see the note.")
    for name, parts in (("1", (words, (photo, picture))), ("2", ((photo, picture),))):
        raw = f"{HEADERS}MIME-Version: 1.0\n{_parts('mixed', *parts)}"
        put(tmp_path, f"{name}.eml", raw.encode())

    first, second = mailer(tmp_path).answers(BOX)
    assert (first.body, first.unread) == ("I was ill, see the note.", "")
    assert "too large" in second.unread
