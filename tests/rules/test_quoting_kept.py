"""The student's own words stay, wherever they are and whatever they look like."""

from __future__ import annotations

import pytest

from store.rules.outreach.quoting import has_words_between, student_words
from tests.rules.quoted_replies import (
    INTRODUCTIONS,
    OWN,
    SENT,
    SUBJECT,
    TEXT,
    WROTE,
    quoted,
)


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
    "own",
    [
        # An option chosen by copying it, and a sentence of ours repeated.
        "We can meet.",
        "We can call.\nAny day but Friday.",
        # Lines that only resemble those that a mail program writes above a quotation.
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
        # A signature of labels, which may include an address or an hour.
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
    # Some mail programs quote without a line above; and some people answer below.
    assert student_words(f"{own}{gap}{quoted(TEXT)}", SENT) == own
    assert student_words(f"{quoted(TEXT)}\n\n{own}", SENT) == own
    assert student_words(f"{WROTE}\n{quoted(TEXT)}\n\n{own}", SENT) == own
    assert student_words(f"{WROTE}\n{quoted(TEXT)}\n>\n{own}", SENT) == own


@pytest.mark.parametrize("end", [".", "!", "?", "。", ". "])
def test_a_long_sentence_right_above_the_quotation_stays(end: str) -> None:
    own = f"I was ill in October, and then my grandmother came to stay with us{end}"
    for introduction in (WROTE, WROTE.replace(" <", "\n<")):
        assert student_words(f"{own}\n{introduction}\n{quoted(TEXT)}", SENT) == own.rstrip()


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


def test_an_answer_stays_wherever_it_stands() -> None:
    """Between the introduction and the quotation, below the quotation, and without one."""
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
