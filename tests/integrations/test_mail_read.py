"""An email's words are read in any form: parts, character sets, mark-up and headers."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.mail import eml
from integrations.mail.charset import decoded
from integrations.mail.eml_parts import UNREADABLE
from tests.integrations.folder_mail import BOX, HEADERS, OURS, mailer, put


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
    """Return a multipart message; each part is (its headers, its text)."""
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
    """Our email is the first of three hundred in a thread; brackets are missing or folded."""
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
