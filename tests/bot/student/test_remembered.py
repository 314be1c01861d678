"""A signed-in student's page shows what they said and what was done about it."""

from __future__ import annotations

import re

from store.tables import notices
from tests.bot.student.signed_in import place, rows, shared
from tests.bot.student.signing_in import DANA, Place
from tests.worker.office import words

__all__ = ["place", "shared"]


def test_what_a_student_said_stands_there_with_what_became_of_it(place: Place) -> None:
    browser, office = place.browser(), place.office
    page = browser.signs_in(DANA).text
    browser.presses(page, "wrong", words="I was in the seminar.")
    page = browser.get("/me").text
    assert "I was in the seminar." in page
    assert "Your school has not answered this yet." in page
    saying = rows(place, notices)[-1]["about"]
    dialog = office.clicks("alice", "said", saying=saying).dialog
    assert dialog is not None
    assert "reported a mistake" in words(dialog)
    office.submits("alice", dialog, answer="You are right. The register is put right today.")
    page = browser.get("/me").text
    assert "Your school has not answered this yet." not in page
    assert "Your school answered on Wednesday 22 October:" in page
    assert "The register is put right today." in page
    # The page also shows who read it, although there is no case.
    assert (
        "a colleague (adviser) looked at your name and number, what you answered, to answer you."
        in page
    )


def test_how_a_student_wants_to_be_contacted_is_chosen_the_next_time(place: Place) -> None:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    assert re.findall(r'value="([a-z-]+)" checked', page) == []
    browser.presses(page, "contact-by", way="phone", words="after four")
    page = browser.get("/me").text
    assert re.findall(r'value="([a-z-]+)" checked', page) == ["phone"]
    assert "after four" in page


def test_a_student_tells_of_their_circumstances(place: Place) -> None:
    browser, office = place.browser(), place.office
    page = browser.signs_in(DANA).text
    empty = browser.presses(page, "circumstances", words=" ")
    assert (empty.status_code, "what we should know" in empty.text) == (422, True)
    told = browser.presses(page, "circumstances", words="I care for my father.")
    assert "The people who look after you will read it." in told.text
    saying = rows(place, notices)[-1]["about"]
    assert "I care for my father." in words(office.clicks("alice", "said", saying=saying).dialog)
    assert "I care for my father." in browser.get("/me").text
