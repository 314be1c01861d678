"""A student asks for a copy of their data and complains about it, on their own page (§28)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from store.actions.privacy import data_request_steps as steps
from store.actions.request import Request
from store.rules.students.data_requests import ClockStop
from store.rules.students.sign_in import IDLE
from store.tables import data_letters, data_questions, data_requests
from tests.bot.student.signed_in import place as reset
from tests.bot.student.signed_in import rows, shared
from tests.bot.student.signing_in import DANA, ELI, Browser, Place
from tests.people import LANGUAGES
from tests.worker.erasures import joins

__all__ = ["reset", "shared"]

WENT_WRONG = "A colleague read my Zzyzx note to others"


@pytest.fixture
def place(reset: Place) -> Iterator[Place]:
    """Begin on Wednesday 22 October 2025 with an officer and no request."""
    joins(reset.office, "priya", LANGUAGES)
    with reset.office.world.store.database.write() as connection:
        for table in (data_letters, data_questions, data_requests):
            connection.execute(table.delete())
    began = reset.office.clock.now
    yield reset
    reset.office.clock.now = began


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def officer(place: Place) -> Request:
    return place.office.world.by("priya")


def signed_in(place: Place) -> tuple[Browser, str]:
    browser = place.browser()
    return browser, browser.signs_in(DANA).text


def test_from_the_request_to_the_answer_the_page_says_what_happens(place: Place) -> None:
    store = place.office.world.store
    browser, page = signed_in(place)
    assert "Ask for a copy of your data" in page
    answer = browser.presses(page, "copy", words="Only the emails")
    assert answer.status_code == 200
    said = text(answer.text)
    assert "Your request has arrived" in said
    assert "asked for on Wednesday 22 October 2025" in said
    assert "You will get it by Monday 24 November 2025 at the latest." in said
    assert "Only the emails" in said
    assert 'value="copy"' not in answer.text, "one at a time"
    second = browser.presses(answer.text, "copy")
    assert (second.status_code, "asked for a copy already" in second.text) == (409, True)
    (row,) = rows(place, data_requests)
    number = row["id"]

    steps.ask_student(store, officer(place), number, ClockStop.IDENTITY, "Which course are you on?")
    page = browser.get("/me").text
    assert "The time has stopped" in text(page)
    assert "Which course are you on?" in page
    (question,) = rows(place, data_questions)
    reply = f"reply-{question['id']}"
    empty = browser.presses(page, reply, words=" ")
    assert (empty.status_code, "Please answer in a few words." in empty.text) == (422, True)
    eli = place.browser()
    others = eli.presses(eli.signs_in(ELI).text, reply, words="I am Eli")
    assert others.status_code == 409
    page = browser.presses(page, reply, words="Spanish and Zzyzx").text
    assert "Your answer has arrived" in page
    assert "Spanish and Zzyzx" in page
    assert browser.presses(page, reply, words="Again").status_code == 409

    steps.extend(store, officer(place), number, 2, "There are very many emails to read")
    said = text(browser.get("/me").text)
    assert "There are very many emails to read" in said
    assert "You will get it by Thursday 22 January 2026 at the latest." in said
    place.office.clock.now += dt.timedelta(days=100)
    page = browser.signs_in(DANA).text
    late = "You should have had it by Thursday 22 January 2026. We are sorry that it is late."
    assert late in text(page)
    assert "You will get it" not in text(page)
    steps.answer(store, officer(place), number, "You told us that you need it no more.")
    page = browser.get("/me").text
    assert "You told us that you need it no more." in page
    assert 'value="copy"' in page


def test_a_complaint_keeps_what_was_typed_and_names_the_commission(place: Place) -> None:
    store = place.office.world.store
    browser, page = signed_in(place)
    assert "Information Commission" in page
    assert 'href="https://ico.org.uk/make-a-complaint"' in page
    refused = browser.presses(page, "data-complaint", words="  ")
    assert (refused.status_code, "what went wrong" in refused.text) == (422, True)
    assert 'aria-describedby="data-complaint-trouble"' in refused.text
    long = browser.presses(page, "data-complaint", words="Zzyzx " * 400)
    assert (long.status_code, "Zzyzx Zzyzx" in long.text) == (422, True)
    foreign = browser.presses(page, "data-complaint", words=WENT_WRONG, csrf="x")
    assert foreign.status_code == 403
    assert rows(place, data_requests) == []
    page = browser.presses(page, "data-complaint", words=WENT_WRONG).text
    assert "By Friday 21 November 2025 at the latest we will tell you" in text(page)
    assert WENT_WRONG in page
    assert "Zzyzx" not in repr(place.office.world.dump())
    steps.acknowledge(store, officer(place), rows(place, data_requests)[0]["id"])
    said = text(browser.get("/me").text)
    assert "You get our answer by Monday 24 November 2025" in said
    welsh = text(browser.get("/me?lang=cy").text)
    assert "Copi o&#39;ch data, neu gŵyn" in welsh
    assert "Comisiwn Gwybodaeth" in welsh
    assert "Send this complaint" not in welsh

    place.office.clock.now += IDLE + dt.timedelta(minutes=1)
    ended = browser.presses(page, "data-complaint", words="Once more Zzyzx")
    assert (ended.status_code, "Once more Zzyzx" in ended.text) == (401, True)
    assert "Ask for a copy" not in browser.get("/me").text, "not at the door"
