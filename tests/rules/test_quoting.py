"""A reply that quotes our email shows only the student's own words, for every mail program."""

from __future__ import annotations

import textwrap

import pytest

from store.rules.outreach.quoting import has_words_between, own_subject, student_words
from tests.rules.quoted_replies import (
    BANNERS,
    BODY,
    INTRODUCTIONS,
    OUTLOOK,
    OWN,
    SENT,
    SUBJECT,
    TEXT,
    WROTE,
    narrow,
    quoted,
)


@pytest.mark.parametrize("banner", BANNERS)
def test_a_gateways_warning_is_neither_the_students_nor_ours(banner: str) -> None:
    """It is above our words as the student's program quotes them, or above the student's."""
    for above in INTRODUCTIONS[:3]:
        for quote in (f"{banner}\n\n{TEXT}", quoted(f"{banner}\n\n{TEXT}")):
            assert student_words(f"{OWN}\n\n{above}\n\n{quote}", SENT) == OWN
    assert student_words(f"{banner}\n\n{OWN}", SENT) == OWN


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize(
    "quote",
    [
        *(quoted(TEXT), quoted(narrow(TEXT)), quoted(TEXT, "| "), quoted(quoted(TEXT))),
        *(quoted(TEXT, "AA> "), quoted(f"> \n{quoted(TEXT)}", "AA> "), quoted(TEXT, "\u200f")),
        *(TEXT, f"{SUBJECT}\n\n{TEXT}", OUTLOOK),
    ],
    ids=[
        *("marks", "narrow", "bars", "twice", "initials", "initials and marks", "right to left"),
        *("bare", "with its subject", "html"),
    ],
)
def test_only_the_students_words_are_left(introduction: str, quote: str) -> None:
    top = f"{OWN}\n\nDana\n\n{introduction}\n\n{quote}\n"
    assert student_words(top, SENT) == f"{OWN}\n\nDana"
    assert student_words(top.replace("\n", "\r\n"), SENT) == f"{OWN}\n\nDana"
    assert student_words(f"{introduction}\n{quote}\n\n{OWN}", SENT) == OWN
    assert student_words(f"{introduction}\n\n{quote}", SENT) == ""


@pytest.mark.parametrize(
    "device",
    [
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Von meinem iPhone gesendet",
        "发自我的iPhone",
        "Yahoo Mail: Search, Organize, Conquer",
        "\u2063Get BlueMail for Android \u200b",
        "--\nОтправлено из Mail.ru для Android",
        "发自我的华为手机",
        "發自我的 iPhone",
        "iPhone'umdan gönderildi",
        "נשלח מה-iPhone שלי",
        "Надіслано з iPhone",
        "Descargar Outlook para iOS",
        "获取 Outlook for iOS",
        "-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.",
    ],
)
def test_a_telephone_s_signature_is_nobody_s_words(device: str) -> None:
    wrote = "On 22 Oct 2025, at 10:49, School <lang@example.ac.uk> wrote:"
    reply = f"{OWN}\n\n{device}\n\n{wrote}\n\n{quoted(TEXT)}"
    assert student_words(reply, SENT) == OWN


def test_what_stands_between_our_lines_stays() -> None:
    first, second = "Yes, I was at my aunt's.", "No, not by telephone please."
    for mark in ("> ", ""):
        lines = [f"{mark}{line}" for line in BODY.splitlines()]
        reply = "\n".join([*lines[:3], "", first, "", *lines[3:8], second, *lines[8:]])
        assert student_words(reply, SENT).split("\n\n") == [first, second]
        assert has_words_between(reply, SENT)
    assert not has_words_between(f"{OWN}\n\n{quoted(TEXT)}", SENT)


@pytest.mark.parametrize(
    "pump", ["> ", ">", "x\n", "a:\n", "On 1:2 <a@b>:\n", "_", "http", "http ", "\n"]
)
def test_the_time_grows_with_the_length(pump: str) -> None:
    assert len(student_words(pump * (200_000 // len(pump)), SENT)) <= 200_000


@pytest.mark.parametrize(
    "wrote", ["Alice wrote:", "Alice schrieb:", "Alice a écrit :", "愛麗絲 寫道："]
)
def test_a_name_above_the_quotation_is_the_mail_programs(wrote: str) -> None:
    assert student_words(f"{wrote}\n{quoted(TEXT)}\n\n{OWN}", SENT) == OWN
    asked = f"My tutor wrote:\nCome to see me.\n\n{quoted(TEXT)}"
    assert student_words(asked, SENT) == "My tutor wrote:\nCome to see me."


def test_a_short_line_is_ours_where_ours_goes_on_below_it() -> None:
    letter = "how are you, and is there anything we can do to help?"
    broken = "how are you, and is\nthere anything we can do to help?"
    said = student_words(f"{OWN}\n\n{broken}", [f"Hello Dana,\n\n{letter}\n\nAlice"])
    assert said == OWN


def test_what_a_gateway_wrote_into_the_quotation_need_not_be_known() -> None:
    warning = "Our own gateway thinks\nthat this email looks odd."
    for above in (*INTRODUCTIONS[:3], *INTRODUCTIONS[-2:]):
        quote = quoted(f"{warning}\n\n{TEXT}")
        assert student_words(f"{OWN}\n\n{above}\n\n{quote}", SENT) == OWN
        short = quoted(f"Sent from outside.\n{TEXT}")
        assert student_words(f"{above}\n{short}\n\n{OWN}", SENT) == OWN
        whole = f"{above}\n\n{quote}"
        assert student_words(f"{OWN}\n\n{quoted(whole)}", SENT) == OWN
    asked = f"{OWN}\n> You have to resit.\nIs that so?\n\n{quoted(TEXT)}"
    assert student_words(asked, SENT) == f"{OWN}\n> You have to resit.\nIs that so?"


@pytest.mark.parametrize(
    "introduction",
    [
        "School of Languages <lang@example.ac.uk>:",
        "Wed 22 Oct at 9:05, School of Languages:",
        "22/10/25 School of Languages:",
        "22 Oct 25, lang@example.ac.uk:",
        "From: School\nSubject: How are things going, Dana?",
        "From: School\nSubject: Re: How are things going, Dana?",
        "Von: School\nBetreff: [EXTERN] How are things going, Dana?",
        "发件人：School\n主题：How are things going, Dana?",
        "*From:* School\n*Subject:* How are things going, Dana?",
        f"-----\n{WROTE}",
        f"{'_' * 80}\n{WROTE}",
        f"- - - - - - -\n{WROTE}",
        f"{'-' * 120}\n{WROTE}",
        # A divider or an address alone; and places where a program breaks or pads the line.
        "-----Original Message-----",
        "- - - - - - -",
        "Begin forwarded message:",
        "<lang@example.ac.uk> wrote:",
        f"{WROTE} ",
        "On Wednesday, School of Languages and Modern Cultures wrote\nat 10:49, 22/10/2025:",
        "Lähettäjä: School <lang@example.ac.uk> Lähetetty: 22. lokakuuta 2025 10.49 "
        f"Vastaanottaja: Dana Aihe: {SUBJECT}",
    ],
)
def test_what_a_mail_program_wrote_above_our_words_goes_with_them(introduction: str) -> None:
    for quote in (quoted(TEXT), TEXT):
        assert student_words(f"{OWN}\n\n{introduction}\n\n{quote}", SENT) == OWN
        assert student_words(f"{OWN}\n\n{introduction}\n{quote}", SENT) == OWN


def test_our_words_go_wherever_the_student_s_program_breaks_them() -> None:
    """Also the shortest line of ours within a quotation, and a link on a line of its own."""
    words = "Hello Dana, We have not seen you in seminars since Monday 6 October, and we would"
    rest = f"like to know\nhow\nyou are.\n\n{BODY.split('you are.', 1)[1].strip()}"
    link = "https://safe.example/?url=lantern"
    for quote in (f"{words}\n{rest}\n{link}", f"{words}\n\n{rest}\n\n{link}"):
        assert student_words(f"{OWN}\n\n{WROTE}\n\n{quote}", SENT) == OWN
    own = f"See {link}\n{link}"
    assert student_words(own, SENT) == own, "a link of their own"


def test_a_reply_on_several_of_our_emails_keeps_the_student_s_words_alone() -> None:
    second = "Shall we talk?\nHello Dana,\n\nMay I call you on Thursday afternoon about your essay?"
    sent = [*SENT, second]
    body = f"{OWN}\n\n{WROTE}\n\n{quoted(second)}\n\n{quoted(quoted(TEXT))}"
    assert student_words(body, sent) == OWN


@pytest.mark.parametrize("mark", ["> ", ""], ids=["marks", "bare"])
@pytest.mark.parametrize("words", range(12, 40, 3))
def test_a_quotation_that_is_cut_off_goes_whole_wherever_it_ends(words: int, mark: str) -> None:
    """Its last line may be any few words of ours, if no more of ours follows."""
    first, second = BODY.split("\n\n")[:2]
    said = second.split()[:words]
    lines = textwrap.wrap(" ".join(said), 30)
    quote = "\n".join(f"{mark}{line}" for line in (first, "", *lines, lines[-1].split()[-1][:0]))
    assert student_words(f"{OWN}\n\n{WROTE}\n\n{quote}", SENT) == OWN
    assert student_words(f"{WROTE}\n{quote}\n\n{OWN}", SENT) == OWN


def test_emails_quoted_below_each_other_go_with_their_introductions() -> None:
    """Also where the line above an introduction is a long one of ours, and where the quotation ends
    in a word that occurs above too."""
    long = "Shall we talk\nMay I call you on Thursday afternoon about your essay and the seminars"
    body = f"{OWN}\n\n{WROTE}\n{quoted(long)}\n> {WROTE}\n{quoted(quoted(TEXT))}"
    assert student_words(body, [*SENT, long]) == OWN
    own = "I was ill in October, and then my grandmother came to stay"
    body = f"{own}\n{quoted(long.splitlines()[1])}\n> {WROTE}\n{quoted(quoted(TEXT))}"
    assert student_words(body, [*SENT, long]) == own
    broken = quoted(TEXT).replace("to know how you", "to know how\nyou")
    assert student_words(f"{OWN}\n\n{WROTE}\n\n{broken}", SENT) == OWN, "a rest has no mark"
    cut_off = BODY.split("how you are.", 1)[0] + "how\nyou\nare."
    assert student_words(f"{OWN}\n\n{WROTE}\n\n{cut_off}", SENT) == OWN


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        *(
            (f"{before}{SUBJECT}", "")
            for before in ("", "Re: ", "RE: [EXTERNAL] ", "Aw：", "AW: RE: ")
        ),
        *((said, said) for said in ("A request", "Re: my room", "[French] Essay")),
        ("Re:", ""),
        ("  Two   spaces ", "Two spaces"),
        ("", ""),
    ],
)
def test_a_subject_is_the_student_s_unless_it_is_ours(subject: str, own: str) -> None:
    assert own_subject(subject, SENT) == own
