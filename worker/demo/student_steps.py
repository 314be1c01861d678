"""The student's part of the journey: an answer by email, and another by a link in the email."""

from __future__ import annotations

from urllib.parse import urlsplit

from worker.demo.browser import Browser, Element
from worker.demo.journey import ALICE, CheckFailed, Journey, require

SENTENCE = "I saw the lanterns are up again in the courtyard."
ANSWER = "Thank you for writing. I moved house and lost track. Could we talk on Friday?"
CORRECTION = "I was there on Monday."


def answer(journey: Journey) -> str:
    mail = _mail(journey)
    form = mail.form_with("Send the answer")
    journey.browser(ALICE).send(form, {"Answer as the student": ANSWER})
    return "written on the student's own page"


def reply(journey: Journey) -> str:
    card = journey.card_says("The student answered")
    require(ANSWER not in card.text, "the student's words stand in the channel")
    return "the card says that there is one, and does not quote it"


def link(journey: Journey) -> str:
    student = Browser(journey.url)
    try:
        for found in _mail(journey).all("a"):
            path = urlsplit(found.attributes["href"]).path
            page = student.get(path)
            if page.one("h1").text == "This is wrong":
                number = journey.recipient.partition("@")[0].upper()
                given = {"What": CORRECTION, "Your student number": number}
                said = student.send(page.form_with("Report a mistake"), given)
                require("Thank you" in said.text, f"the student is told: {said.text}")
    finally:
        student.close()
    card = journey.card_says("The student reported a mistake")
    require(CORRECTION not in card.text, "the student's words stand in the channel")
    return "one button says “This is wrong”, and the card that an answer is due"


def _mail(journey: Journey) -> Element:
    """The journey's email as the student sees it."""
    browser = journey.browser(ALICE)
    page = browser.get("/sandbox/student")
    inboxes = [
        tab.attributes["href"] for tabs in page.all("nav", class_="tabs") for tab in tabs.all("a")
    ]
    for address in inboxes or [""]:
        page = browser.get(f"/sandbox/student{address}")
        for mail in page.all("article", class_="mail"):
            if SENTENCE in mail.text:
                return mail
    raise CheckFailed("the student has no such mail")
