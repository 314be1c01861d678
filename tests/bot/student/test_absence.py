"""A student requests an absence, a colleague decides, and no one else learns the reason."""

from __future__ import annotations

import base64
import datetime as dt
import re

import httpx
import pytest

from bot.cards.kit.model import Link
from store.actions.cases.log_access import reveal_student
from store.actions.privacy.erase import erase_student, preview_erasure
from store.actions.privacy.export_student import export_student
from store.queries.students.exemptions import exempt_on
from store.rules.access.confidentiality import RevealPurpose
from store.rules.calendar import institution_day
from store.rules.students.absences import LINK_LIFE, LONGEST_DOCUMENT
from store.rules.students.messages import Saying
from store.rules.students.sign_in import IDLE
from store.tables import absence_requests, audit, exemptions, notices, sayings
from tests.bot.student.signed_in import place, rows, shared
from tests.bot.student.signing_in import DANA, ELI, Browser, Place
from tests.integrations.test_documents import PDF, SECRET, bomb, with_exif
from tests.people import LANGUAGES
from tests.worker.erasures import joins
from tests.worker.office import words

__all__ = ["place", "shared"]

WHY = "Zzyzx operation of my grandmother"
ANSWER = "We agree. Tell us if you need longer."


def days(place: Place) -> dict[str, str]:
    today = institution_day(place.office.clock.now)
    return {"first": str(today), "last": str(today + dt.timedelta(days=3)), "words": WHY}


def asks(
    place: Place, document: bytes | None = None, other: dict[str, str] | None = None
) -> tuple[Browser, httpx.Response]:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    return browser, browser.asks_for_absence(page, days(place) | (other or {}), document)


def saying(place: Place) -> int:
    number: int = rows(place, sayings)[-1]["id"]
    return number


def decides(place: Place, decision: str = "agree", who: str = "alice") -> str:
    office = place.office
    dialog = office.clicks(who, "said", saying=saying(place)).dialog
    assert dialog is not None
    return words(office.submits(who, dialog, decision=decision, answer=ANSWER).card)


def link_of(place: Place, who: str = "alice") -> str:
    dialog = place.office.clicks(who, "said", saying=saying(place)).dialog
    assert dialog is not None
    (link,) = (block for block in dialog.blocks if isinstance(block, Link))
    return link.address[link.address.index("/student/") :]


def test_an_absence_is_asked_for_agreed_and_excused(place: Place) -> None:
    browser, answer = asks(place, PDF)
    assert (answer.status_code, "will read your request" in answer.text) == (200, True)
    assert "has not decided yet" in answer.text
    office, store = place.office, place.office.world.store
    # The colleague for students without a case is told, and opens the request from there.
    told = rows(place, notices)[-1]
    assert (told["kind"], told["about"]) == ("said", saying(place))
    assert "asked for an absence" in words(office.types("alice", "said").card)
    dialog = office.clicks("alice", "said", saying=saying(place)).dialog
    assert WHY in words(dialog)

    assert "is agreed" in decides(place)
    today = institution_day(office.clock.now)
    school = rows(place, sayings)[0]["school_id"]
    with store.database.read() as connection:
        for later in range(4):
            assert office.world.student("dana") in exempt_on(
                connection, school, today + dt.timedelta(days=later)
            )
        after = today + dt.timedelta(days=4)
        assert office.world.student("dana") not in exempt_on(connection, school, after)
    (row,) = rows(place, absence_requests)
    assert (row["agreed"], row["document"]) == (True, None)
    page = browser.get("/me").text
    assert "Agreed." in page
    assert ANSWER in page
    assert "Agreed absence" in page
    assert "to decide on an absence that you asked for" in page


def test_an_absence_that_is_not_agreed_excuses_nothing(place: Place) -> None:
    browser, _ = asks(place)
    assert "not agreed" in decides(place, "refuse")
    assert rows(place, exemptions) == []
    page = browser.get("/me").text
    assert "Not agreed." in page
    assert ANSWER in page
    assert "decided on this already" in decides_late(place)


def decides_late(place: Place) -> str:
    """Decide through a form that was opened before the decision."""
    office = place.office
    values = {"decision": "agree", "answer": ANSWER}
    ids = {"saying": str(saying(place))}
    reply = office.asks("sana", "said", ids=ids, values=values)
    return " ".join(reply.errors.values()) or words(reply.card)


def test_no_one_else_learns_why(place: Place) -> None:
    """The card, the exemption, the messages, the audit and the database do not contain it."""
    office = place.office
    case = office.world.open_case()
    asks(place, with_exif())
    office.works()
    decides(place)
    office.works()
    sana = office.world.by("sana")
    seen = reveal_student(office.world.store, sana, case, RevealPurpose.ANSWER_REQUEST)
    assert seen.private is not None
    assert [(each.kind, each.words) for each in seen.private.said] == [(Saying.ABSENCE, "")]
    assert WHY not in words(office.clicks("sana", "said", saying=saying(place)).dialog)
    assert "asked for an absence" in office.shown()
    assert "Zzyzx" not in office.shown()
    stored = repr(office.world.dump())
    for secret in ("Zzyzx", SECRET.decode()):
        assert secret not in stored
    assert WHY in words(office.clicks("alice", "said", saying=saying(place)).dialog)


def test_the_document_is_opened_once_as_a_file_by_who_decides(place: Place) -> None:
    asks(place, PDF)
    office, browser = place.office, place.browser()
    link, later = link_of(place), link_of(place)
    others = link_of(place, "sana")
    asked = browser.get(link)
    assert (asked.status_code, "Download the document" in asked.text) == (200, True)
    assert "open-document" not in [row["action"] for row in rows(place, audit)[-1:]]

    got = browser.post(link)
    assert got.content == PDF
    assert got.headers["content-disposition"] == 'attachment; filename="absence.pdf"'
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-store"
    row = rows(place, audit)[-1]
    assert (row["action"], row["details"]["shows"]) == (
        "open-document", "identity, a document from the student")  # fmt: skip
    assert browser.post(link).status_code == 404, "once"

    refused = browser.post(others)
    assert (refused.status_code, "Alice Adviser has opened" in refused.text) == (403, True)
    theirs = office.clicks("sana", "said", saying=saying(place))
    assert "Alice Adviser has opened" in words(theirs.card)
    assert "Alice Adviser has opened" in decides_late(place)
    decides(place)
    assert browser.post(later).status_code == 404, "deleted with the decision"


def test_a_link_to_a_document_expires_and_cannot_be_made(place: Place) -> None:
    asks(place, PDF)
    browser, link = place.browser(), link_of(place)
    assert browser.post(link[:-3] + "abc").status_code == 404
    began = place.office.clock.now
    place.office.clock.now += LINK_LIFE + dt.timedelta(seconds=1)
    try:
        assert browser.get(link).status_code == 404
        assert browser.post(link).status_code == 404
    finally:
        place.office.clock.now = began
    # A module organiser does not read students' messages.
    assert place.office.clicks("bob", "said", saying=saying(place)).dialog is None


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "The document is empty."),
        (b"x" * (LONGEST_DOCUMENT + 1_000_000), "larger than 10 MB"),
        (bomb(), "too many pixels"),
        (b"<svg onload='x'/>", "neither a PDF nor an image"),
        (PDF + b"PK\x03\x04", "not complete"),
        (PDF.replace(b"/Root", b"/Encrypt 1 0 R /Root"), "password"),
    ],
)  # fmt: skip
def test_a_refused_document_costs_nothing_that_was_typed(
    place: Place, document: bytes, said: str
) -> None:
    _, answer = asks(place, document)
    assert answer.status_code == 422
    assert said in answer.text
    assert WHY in answer.text
    assert f'name="first" required value="{days(place)["first"]}"' in answer.text
    assert 'aria-describedby="absence-document-hint absence-trouble"' in answer.text
    assert rows(place, sayings) == rows(place, absence_requests) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first": "soon"}, "Enter the first day."),
        ({"last": ""}, "Enter the last day."),
        ({"first": "31.2.2026"}, "Enter the first day."),
        ({"last": "2024-01-01"}, "The last day comes before the first"),
        ({"first": "2024-01-01", "last": "2024-01-02"}, "more than 3 months ago"),
        ({"last": "2031-01-01"}, "a year at most"),
        ({"words": "  "}, "Please say in a few words why."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_what_was_typed(
    place: Place, fields: dict[str, str], said: str
) -> None:
    _, answer = asks(place, other=fields)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert "choose it again" in answer.text
    assert rows(place, absence_requests) == []


def test_a_session_that_ended_keeps_what_was_typed(place: Place) -> None:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    began = place.office.clock.now
    place.office.clock.now += IDLE + dt.timedelta(minutes=1)
    try:
        answer = browser.asks_for_absence(page, days(place), PDF)
    finally:
        place.office.clock.now = began
    assert answer.status_code == 401
    assert WHY in answer.text
    assert days(place)["first"] in answer.text
    assert rows(place, absence_requests) == []


def test_a_student_takes_a_request_back_until_it_is_decided(place: Place) -> None:
    browser, answer = asks(place, PDF)
    assert 'action="/me"' in answer.text, "forms of the page that answers lead to the page itself"
    eli = place.browser()
    own = eli.signs_in(ELI).text
    do = f"take-back-{saying(place)}"
    assert do in answer.text
    assert do not in own
    assert eli.presses(own, do).status_code == 409, "another student's request"
    answer = browser.presses(browser.get("/me").text, do)
    assert (answer.status_code, "Your request is taken back" in answer.text) == (200, True)
    assert "You took this request back." in answer.text
    (row,) = rows(place, absence_requests)
    assert (row["agreed"], row["document"]) == (False, None)
    assert rows(place, exemptions) == []
    office = place.office
    dialog = office.clicks("alice", "said", saying=saying(place)).dialog
    assert "took this request back" in words(dialog)
    assert WHY not in words(dialog)
    assert "asked for an absence" not in words(office.types("alice", "said").card)
    late = browser.presses(browser.get("/me").text, do)
    assert (late.status_code, "decided on this already" in late.text) == (409, True)


def test_forms_of_others_and_of_no_one_are_refused(place: Place) -> None:
    dana, eli = place.browser(), place.browser()
    page = dana.signs_in(DANA).text
    eli.signs_in(ELI)
    mixed = eli.asks_for_absence(page, days(place))
    assert (mixed.status_code, "signed in or out" in mixed.text) == (403, True)
    plain = dana.post("/me/absence", do="absence", key="a" * 32, csrf="x")
    assert plain.status_code == 400
    other = dana.presses(page, "absence", words=WHY)
    assert other.status_code == 400
    assert dana.get("/me/absence").status_code == 200
    assert rows(place, absence_requests) == []


def test_it_is_saved_once_and_not_without_end(place: Place) -> None:
    browser, _ = asks(place, other={"key": "a" * 32})
    page = browser.get("/me").text
    again = browser.asks_for_absence(page, days(place))
    assert (again.status_code, "asked for these days already" in again.text) == (422, True)
    later = institution_day(place.office.clock.now) + dt.timedelta(days=9)
    for number, each in enumerate(("a", "b", "b", "c")):
        other = {"last": str(later + dt.timedelta(days=number)), "key": each * 32}
        browser.asks_for_absence(page, days(place) | other)
    assert len(rows(place, absence_requests)) == 3
    more = browser.asks_for_absence(page, days(place) | {"last": str(later)})
    assert (more.status_code, "3 absences" in more.text) == (429, True)
    assert WHY in more.text


def test_words_that_may_speak_of_danger_are_read_at_once(place: Place) -> None:
    asks(place, other={"words": "I cannot go on."})
    kinds = [row["kind"] for row in rows(place, notices)]
    assert "read-now" in kinds
    dialog = place.office.clicks("alice", "read-now", saying=saying(place)).dialog
    assert "I cannot go on." in words(dialog)


def test_in_welsh(place: Place) -> None:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    welsh = browser.get("/me?lang=cy").text
    assert "Gofyn am absenoldeb" in welsh
    assert "Ask for an absence" not in re.sub(r"<[^>]*>", "", welsh)
    assert page.count('enctype="multipart/form-data"') == 1


def test_it_is_in_the_copy_for_the_student_and_an_erasure_takes_it_with_it(place: Place) -> None:
    """This test is the last, because it erases the student."""
    asks(place, PDF)
    world = place.office.world
    joins(place.office, "priya", LANGUAGES)
    held = export_student(world.store, world.by("priya"), "1001", "Asked for it by email").held
    (row,) = held.tables["absence_requests"]
    assert (row["reason"], base64.b64decode(row["document"])) == (WHY, PDF)
    seen = preview_erasure(world.store, world.by("priya"), "1001")
    why = "Asked for under Article 17"
    erase_student(world.store, world.by("priya"), "1001", why, str(seen))
    assert rows(place, absence_requests) == []
