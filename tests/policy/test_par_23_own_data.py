"""§23: students see their data and are helped to read it; not looking has no meaning."""

import datetime as dt
import re

from tests.policy.acts import emailed
from tests.policy.doors import Tab
from tests.policy.emails import Email
from tests.policy.people import MODEL, SILENT, SILENT_TOO, WELSH
from tests.policy.school import School
from worker.demo.browser import Element


def _own_page(student: Tab, email: Email) -> Element:
    """Open the last link of an email, ask it to show everything, and return the page."""
    return student.press(
        email.links[-1], "see", "show", "dangos", number=email.to.split("@")[0].upper()
    )


def test_a_student_sees_what_is_held_in_words(school: School) -> None:
    email = emailed(school, SILENT)
    page = _own_page(school.tab(), email).text
    assert "6 November" in page, page
    assert "GLA101" in page, page


def test_third_parties_are_not_shown(school: School) -> None:
    """Information about other people, and colleagues' own words, are not shown."""
    bob = school.person("bob")
    bob.fills(f"note {school.case_of(SILENT)}", note="Her flatmate Zebulon Quince called about her")
    page = _own_page(school.tab(), emailed(school, SILENT)).text
    assert "Zebulon" not in page


def test_a_link_shows_one_student_alone(school: School) -> None:
    """Trap: a letter of the link is changed; one student's link must open no other's page."""
    mine, other = emailed(school, SILENT), emailed(school, SILENT_TOO)
    student = school.tab()
    assert SILENT_TOO.given not in _own_page(student, mine).text
    broken = other.links[-1][:-2] + ("AA" if other.links[-1][-2:] != "AA" else "BB")
    page = student.get(broken)
    assert student.status in (403, 404)
    assert SILENT_TOO.given not in page.text


def test_looking_is_no_engagement_and_not_looking_no_absence(school: School) -> None:
    email = emailed(school, SILENT)
    student = school.tab()
    for path in email.links:
        student.get(path)
    school.works(sweep=True)
    card = school.person("alice").card(school.case_of(SILENT))
    assert "answered" not in card.text, "a mail scanner followed the links, and that is an answer"
    assert "Not seen since Friday 6 November" in card.text
    assert not school.case_of(MODEL), "who never looks at their data is flagged for it"


def test_a_link_works_for_its_month_and_not_a_day_longer(school: School) -> None:
    """The clock moves on: a forwarded email does not give access to the page for ever."""
    email = emailed(school, SILENT)
    sent = school.today
    school.at("10:00", sent + dt.timedelta(days=29))
    assert "GLA101" in _own_page(school.tab(), email).text
    school.at("10:00", sent + dt.timedelta(days=31))
    student = school.tab()
    page = student.get(email.links[-1]).text
    assert student.status in (403, 404, 410)
    assert "one month" in page, page
    assert "GLA101" not in page
    assert "999" in page, "and still says whom to call"


def test_the_pages_behind_a_welsh_email_are_welsh(school: School) -> None:
    """Checks each link, its form once sent, and what it shows; the records are in English."""
    email = emailed(school, WELSH)
    student = school.tab()
    student.press(email.links[0], number="wrong")
    _is_welsh(student.page)
    assert "Nid dyna'r rhif" in student.page.text
    for path in email.links[:-1]:
        student = school.tab()
        form = next(student.get(path).all("form"))
        _is_welsh(student.page)
        words = {"words": "Roeddwn yn sâl"} if any(form.all("textarea")) else {}
        ways = {"way": "phone"} if any(form.all("input", name="way")) else {}
        hidden = {each.attributes["name"]: each.attributes["value"]
                  for each in form.all("input", type="hidden")}  # fmt: skip
        do = form.one("button").attributes["value"]
        sent = {**hidden, **words, **ways, "number": WELSH.number, "do": do}
        student.post(path, sent)
        _is_welsh(student.page)
        assert "Diolch." in student.page.text, student.page.text
    page = _own_page(school.tab(), email)
    _is_welsh(page)
    assert "ers dydd" in page.text
    assert "Samariaid" in page.text


def _own_page_texts(page: Element) -> str:
    text = page.text
    for english in page.all("ul", lang="en-GB"):
        text = text.replace(english.text, "")
    return text


def _is_welsh(page: Element) -> None:
    assert [each.attributes["lang"] for each in page.all("html")] == ["cy"]
    english = re.findall(r"(?i)\b(?:the|your|you|and|we|this|not|is|to)\b", _own_page_texts(page))
    assert not english, (english, page.text)
