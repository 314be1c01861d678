"""A reply that quotes our email shows the student's own words alone, whatever the mailer does."""

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
    """It stands above our words as the student's program quotes them, or above the student's."""
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
    "own",
    [
        "We can meet.",
        "Yes",
        "Hello Dana here,\n\nMonday: free\nTuesday: busy\n\nDana\nTel: 07700 900123\nd@x.test",
        "My questions:\n1. When is it?\n2. Where?",
        "They told me:\n> You have to resit.\nIs that so?",
        "External email does not reach me.\nBe careful with this message, it is private.",
        "从我的角度来看，我很好。",
        "My iPhone is broken",
        "Note: I am ill\n\nFrom: home",
        "Call me on 07700 900123 between 9:00 and 10:30:\nor later",
        # Emphasis, as a mail program that sends plain text writes it.
        "***I am ill***",
        "_I was ill_, *please* call me, *thanks*",
        "**Yes, I was ill** and **come on Tuesday**",
        "See you on Tuesday X",
        "----- :(",
        "--- yes, and I will also come to see you in your office on Tuesday ---",
    ],
)
def test_nothing_of_the_students_is_lost(own: str) -> None:
    assert student_words(own, SENT) == own
    assert student_words(f"{own}\n\n{INTRODUCTIONS[0]}\n\n{quoted(TEXT)}", SENT) == own
    assert student_words(own, []) == own


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
    "own",
    [
        # An option chosen by copying it, and a sentence of ours repeated.
        "We can meet.",
        "We can call.\nAny day but Friday.",
        # What only looks like the line that a mail program writes above a quotation.
        "I can do these days:",
        "My room is B12, so I can do:",
        "I am free at 9:30:",
        "My number is 07700900123:",
        "I wrote to help@example.ac.uk about this:",
        "My tutor <Alex> asked me to say:",
        "I can do weeks 10. 11. 12:",
        "My modules are FR1204-A and FR1305-B:",
        "You wrote: We can meet.",
        "At 10:49 on 22/10/2025 you wrote: We can meet.",
        "help@example.ac.uk wrote on 22/10/2025: We can meet.",
        # A signature of labels, which may even have an address or an hour.
        "Thanks\nName: Dana\nCourse: French\nYear: two",
        "Thanks\nName: Dana\nEmail: dana@example.org\nCourse: French",
        "Thanks\nName: Dana\nSeminar: Tue 28 Oct 2025, 10:00\nCourse: French",
        "Thanks\nName: Dana\nEmail: dana2025@example.org\nWeb: https://dana.example",
        "Question 1: yes\nQuestion 2: no",
        # Lines of dashes that are the student's.
        "Tuesday ----- or Friday -----",
        "----- so that is why",
        "--- yes",
        "  Tuesday, typed with blanks before it",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["apart", "close"])
def test_what_only_looks_like_a_mail_program_s_words_stays(own: str, gap: str) -> None:
    assert student_words(own, SENT) == own
    assert student_words(f"{own}{gap}{WROTE}\n\n{quoted(TEXT)}", SENT) == own
    # Some mail programs quote and write nothing above it; and some people answer below.
    assert student_words(f"{own}{gap}{quoted(TEXT)}", SENT) == own
    assert student_words(f"{quoted(TEXT)}\n\n{own}", SENT) == own
    assert student_words(f"{WROTE}\n{quoted(TEXT)}\n\n{own}", SENT) == own
    assert student_words(f"{WROTE}\n{quoted(TEXT)}\n>\n{own}", SENT) == own


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
        # A divider alone, or an address alone; and where a program breaks or pads the line.
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


@pytest.mark.parametrize("end", [".", "!", "?", "。", ". "])
def test_a_long_sentence_right_above_the_quotation_stays(end: str) -> None:
    own = f"I was ill in October, and then my grandmother came to stay with us{end}"
    for introduction in (WROTE, WROTE.replace(" <", "\n<")):
        assert student_words(f"{own}\n{introduction}\n{quoted(TEXT)}", SENT) == own.rstrip()


def test_our_words_go_wherever_the_student_s_program_breaks_them() -> None:
    """Also the shortest line of ours within a quotation, and a link that stands alone."""
    words = "Hello Dana, We have not seen you in seminars since Monday 6 October, and we would"
    rest = f"like to know\nhow\nyou are.\n\n{BODY.split('you are.', 1)[1].strip()}"
    link = "https://safe.example/?url=lantern"
    for quote in (f"{words}\n{rest}\n{link}", f"{words}\n\n{rest}\n\n{link}"):
        assert student_words(f"{OWN}\n\n{WROTE}\n\n{quote}", SENT) == OWN
    own = f"See {link}\n{link}"
    assert student_words(own, SENT) == own, "a link of their own"


def test_words_between_our_lines_are_told_from_words_around_them() -> None:
    first, *rest = quoted(TEXT).splitlines()
    whole = "\n".join((first, *rest))
    assert not has_words_between("Yes, please.", SENT)
    assert not has_words_between("", SENT)
    assert not has_words_between(whole, SENT)
    assert not has_words_between(f"{OWN}\n\n{WROTE}\n\n{whole}\n\n{OWN}", SENT)
    assert has_words_between("\n".join((first, "Yes.", *rest)), SENT)
    assert has_words_between("\n".join((first, *rest[:-1], "Yes.", rest[-1])), SENT)
    other = "> Words of a third person that the student quotes"
    assert not has_words_between("\n".join((first, *rest[:4], other, *rest[4:])), SENT)


def test_a_reply_on_several_of_our_emails_keeps_the_student_s_words_alone() -> None:
    second = "Shall we talk?\nHello Dana,\n\nMay I call you on Thursday afternoon about your essay?"
    sent = [*SENT, second]
    body = f"{OWN}\n\n{WROTE}\n\n{quoted(second)}\n\n{quoted(quoted(TEXT))}"
    assert student_words(body, sent) == OWN


@pytest.mark.parametrize("mark", ["> ", ""], ids=["marks", "bare"])
@pytest.mark.parametrize("words", range(12, 40, 3))
def test_a_quotation_that_is_cut_off_goes_whole_wherever_it_ends(words: int, mark: str) -> None:
    """Its last line may be any few words of ours, which nothing of ours follows."""
    first, second = BODY.split("\n\n")[:2]
    said = second.split()[:words]
    lines = textwrap.wrap(" ".join(said), 30)
    quote = "\n".join(f"{mark}{line}" for line in (first, "", *lines, lines[-1].split()[-1][:0]))
    assert student_words(f"{OWN}\n\n{WROTE}\n\n{quote}", SENT) == OWN
    assert student_words(f"{WROTE}\n{quote}\n\n{OWN}", SENT) == OWN


def test_an_answer_stays_wherever_it_stands() -> None:
    """Between who wrote and what they wrote, below the quotation, and without one at all."""
    for own in ("Monday", "Monday\n6 October", "Yes, of course.", OWN):
        assert student_words(f"{WROTE}\n\n{TEXT}\n\n{own}", SENT) == own
    for own in ("Yes, of course.", OWN):
        body = f"{WROTE}\n\n{own}\n\n{quoted(TEXT)}"
        assert student_words(body, SENT) == f"{WROTE}\n\n{own}"
        assert student_words(f"{quoted(TEXT)}\n\n{own}\n\n{WROTE}", SENT) == own
        assert not has_words_between(f"{quoted(TEXT)}\n\n{own}\n\n{WROTE}", SENT)
    ruled = "We can meet.\n\nDana\n----------"
    assert student_words(ruled, SENT) == ruled
    signed = "Thanks\n\nName: Dana\nEmail: dana@example.org\nSeminar: Tue 28 Oct 2025, 10:00"
    assert student_words(signed, SENT) == signed


def test_labels_above_the_headers_stay() -> None:
    bold = "*From:* School <lang@example.ac.uk>\n\n*Sent:* 22 October 2025 10:49\n\n*To:* Dana"
    plain = f"From: School\nSubject: {SUBJECT}"
    assert student_words(f"Note: I am ill\n\n{bold}\n\n{quoted(TEXT)}", SENT) == "Note: I am ill"
    assert student_words(f"See you\n{plain}\n{quoted(TEXT)}", SENT) == "See you"
    marked = quoted(quoted(f"{bold}\n\n{TEXT}"), "AA> ")
    assert student_words(f"{OWN}\n\n{marked}", SENT) == OWN


def test_a_sentence_stays_above_a_quotation_that_begins_with_a_day_and_an_hour() -> None:
    sent = ["Meeting\nWe can meet on 22/10/2025 at 10:30 in room B12.\n\nPlease choose a day."]
    quote = quoted(sent[0].partition("\n")[2])
    assert student_words(f"I can do this:\n{quote}", sent) == "I can do this:"


def test_less_than_half_of_a_short_email_of_ours_is_an_answer() -> None:
    sent = ["Thanks\nThank you for your answer.\nWe meet on Tuesday, then.\nAlice Adviser"]
    assert student_words("We meet on Tuesday, then.", sent) == "We meet on Tuesday, then."
    assert student_words(sent[0], sent) == ""


def test_emails_quoted_below_each_other_go_with_their_introductions() -> None:
    """Also where the line above an introduction is a long one of ours, and where it ends at last
    in a word that stands above too."""
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
