"""Dates, lists, counts and figures in words, the same on every card and in every email."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.errors import InvalidInput
from store.rules.letters.letter import Language, LetterKind, language_of
from store.rules.letters.statistics import (
    NO_COMPARISON,
    ROUNDED,
    LetterName,
    LetterReport,
    Rates,
    letter_lines,
    letter_notes,
    spanned,
)
from store.rules.model import Rung
from store.rules.small_numbers import ReportPeriod
from store.rules.text.date_parsing import is_day
from store.rules.text.email_addresses import is_mail_address
from store.rules.text.formatting import (
    counted,
    csv_safe,
    day_ahead,
    either,
    first_sentence,
    folded,
    listed,
    long_date,
    on_day,
    short_day,
    storable,
)
from store.rules.text.limits import within

MONDAY = dt.date(2025, 10, 6)


def test_days_counts_and_lists_in_words() -> None:
    assert (on_day(MONDAY), short_day(MONDAY)) == ("Monday 6 October", "Mon 6 Oct")
    assert long_date(MONDAY) == "6 October 2025"
    for ahead, said in [
        (dt.date(2025, 12, 31), "Wednesday 31 December"),
        (dt.date(2026, 1, 1), "Thursday 1 January 2026"),
    ]:
        assert day_ahead(ahead, MONDAY) == said
    january = dt.date(2025, 1, 1)
    assert day_ahead(january + dt.timedelta(days=300), january) == "Tuesday 28 October"
    assert day_ahead(january + dt.timedelta(days=301), january) == "Wednesday 29 October 2025"
    words = ["a", "b", "c"]
    assert [listed(words[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [either(words[:n]) for n in range(4)] == ["", "a", "a or b", "a, b or c"]
    assert [counted(n, "case") for n in (0, 1, 2, 1200)] == [
        "0 cases",
        "1 case",
        "2 cases",
        "1,200 cases",
    ]
    assert [counted(n, "has", "have") for n in (1, 2)] == ["1 has", "2 have"]


def test_text_is_kept_compared_and_exported_safely() -> None:
    assert storable("a\0b\ud800c é") == "abc é"
    assert folded("  Siân\tÒ  STRASSE ") == folded("sian o straße") == "sian o strasse"
    for cell, safe in [
        ("Dana", "Dana"),
        ("-1", "'-1"),
        (" =1", "' =1"),
        ("@x", "'@x"),
        ("+x", "'+x"),
        ("|x", "'|x"),
        ("%x", "'%x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("a=1", "a=1"),
        ("", ""),
    ]:
        assert csv_safe(cell) == safe
    assert within("x" * 5, 5) == "x" * 5
    with pytest.raises(InvalidInput) as error:
        within("x" * 6, 5, "words")
    assert (error.value.field, error.value.permanent) == ("words", True)
    assert str(error.value) == error.value.sentence == "Keep it below 5 characters."


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Not seen since Monday. This looked at moodle.", "Not seen since Monday."),
        ("Come! Now.", "Come!"),
        ("Essay by Prof. Evans was due. It is late.", "Essay by Prof. Evans was due."),
        ("Work no. 3 of Dr. Evans was due. It is late.", "Work no. 3 of Dr. Evans was due."),
        ("It was due on day 2. It is late.", "It was due on day 2."),
        ("Version 2.5 of it. and more", "Version 2.5 of it. and more"),
        ("Only one.", "Only one."),
    ],
)
def test_the_first_sentence_ends_where_it_is_certain(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_an_address_is_one_plain_address() -> None:
    for address, is_one in [
        ("dana.o'neill@students.example.ac.uk", True),
        ("a@b", True),
        ("a" * 64 + "@" + "b" * 135, True),
        ("a" * 64 + "@" + "b" * 136, False),
        ("a" * 65 + "@b.uk", False),
        ("a@b..uk", False),
        ("a@b.uk, c@d.uk", False),
        ("a@b.uk\n", False),
        ("", False),
    ]:
        assert is_mail_address(address) is is_one


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("2 weeks ago", True),
        ("yesterday", True),
        ("2026-10-01", True),
        ("in 3 days", True),
        ("tomorrow", True),
        ("next friday", True),
        ("on the 29th of February", True),
        ("October 1, 2026", True),
        ("2026-13-01", False),
        ("20251001", False),  # a student's number
        ("in the library", False),
        ("friday at noon", False),
        ("", False),
    ],
)
def test_words_are_only_a_day(words: str, is_one: bool) -> None:
    assert is_day(words) is is_one


@pytest.mark.parametrize(
    ("recorded", "language"),
    [
        ("cy", Language.WELSH),
        ("CY-GB", Language.WELSH),
        ("en-US", Language.ENGLISH),
        ("fr", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
def test_an_email_is_in_the_language_that_the_student_recorded(
    recorded: str, language: Language
) -> None:
    assert language_of(recorded) is language


# -- Figures about letters ---------------------------------------------------------------------

SINCE = ReportPeriod(dt.date(2025, 9, 1))
RATES = Rates(40, 10, 0.25, 30, 15, None)
NAME = LetterName(LetterKind.WELFARE, Language.WELSH, True, 3, Rung.UNIVERSITY_EMAIL)


def test_a_report_on_letters_says_what_followed_an_email() -> None:
    older = LetterName(None, Language.ENGLISH, False, None, Rung.PERSONAL_EMAIL)
    plain = LetterName(LetterKind.ANSWER, Language.ENGLISH, False, None, Rung.UNIVERSITY_EMAIL)
    report = LetterReport(SINCE, 28, RATES, ((NAME, RATES), (older, RATES), (plain, RATES)))
    figures = (
        "40 sent, 10 of 40 (25%) answered; 15 of 30 (too few for a percentage) back within 28 days."
    )
    university, own = Rung.UNIVERSITY_EMAIL.label, Rung.PERSONAL_EMAIL.label
    assert list(letter_lines(report)) == [
        f"Emails since Monday 1 September: {figures}",
        f"{LetterKind.WELFARE.label.capitalize()} letter in Welsh, your school's words, policy "
        f"version 3, by {university}: {figures}",
        f"From before letters were recorded, by {own}: {figures}",
        f"{LetterKind.ANSWER.label.capitalize()} letter in English, Lantern's words, by "
        f"{university}: {figures}",
    ]
    notes = list(letter_notes(report))
    assert notes[:2] == [NO_COMPARISON, ROUNDED]
    assert "within 28 days of the email" in notes[2]
    half = LetterReport(SINCE, 28, replace(RATES, back_share=0.5), ())
    assert "; 15 of 30 (50%) back within" in "".join(letter_lines(half))
    exact = LetterReport(SINCE, 1, RATES, (), exact=True)
    assert ROUNDED not in list(letter_notes(exact))
    assert "within 1 day of the email" in list(letter_notes(exact))[1]


def test_without_emails_there_are_no_figures_and_no_notes() -> None:
    none = Rates(0, 0, None, 0, 0, None)
    for exact, few in [
        (True, "No emails were sent"),
        (False, "Too few emails were sent for figures"),
    ]:
        report = LetterReport(SINCE, 28, none, (), exact)
        assert list(letter_lines(report)) == [f"{few} since Monday 1 September."]
        assert list(letter_notes(report)) == []
    week = ReportPeriod(SINCE.since, SINCE.since + dt.timedelta(days=7))
    assert spanned(week) == "from Monday 1 September to Sunday 7 September"
    empty = ReportPeriod(SINCE.since, SINCE.since)
    assert spanned(empty) == "from Monday 1 September to Monday 1 September"
