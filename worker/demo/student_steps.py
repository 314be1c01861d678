"""The steps about the student: the sent email, the answers to it, and who may read them."""

from __future__ import annotations

from urllib.parse import urlsplit

from store.rules.text.formatting import counted
from worker.demo.browser import Browser, Element
from worker.demo.journey import ALICE, DORA, CheckFailed, Journey, dialog_of, require

SENTENCE = "I saw the lanterns are up again in the courtyard."
ANSWER = "Thank you for writing. I moved house and lost track. Could we talk on Friday?"
CORRECTION = "I was there on Monday."


def find_in_outbox(journey: Journey) -> str:
    """Find the email in the outbox, once and sent. Sets ``journey.recipient``."""
    shown = _revealed(journey)
    page = journey.browser(ALICE).get("/sandbox/outbox")
    mails = [each for each in page.all("article", class_="mail") if SENTENCE in each.text]
    require(len(mails) == 1, f"the email is there {counted(len(mails), 'time')}")
    state, to = mails[0].one("span", class_="state").text, mails[0].one("dd").text
    require(state == "sent", f"the email is {state}")
    require(to in shown, "the email went to an address that is not the student's")
    journey.recipient = to
    return "the email is there once, sent, to the student's address"


def answer_by_email(journey: Journey) -> str:
    """Answer the email as the student."""
    mail = _mail(journey)
    form = mail.form_with("Send the answer")
    journey.browser(ALICE).send(form, {"Answer as the student": ANSWER})
    return "written on the student's own page"


def check_answered(journey: Journey) -> str:
    """Check that the card reports the answer without its words."""
    card = journey.card_says("The student answered")
    require(ANSWER not in card.text, "the channel shows the student's words")
    return "the card says that there is an answer, and does not quote it"


def answer_by_link(journey: Journey) -> str:
    """Report a mistake through the link in the email, as the student."""
    student = Browser(journey.url)
    try:
        for found in _mail(journey).all("a"):
            path = urlsplit(found.attributes["href"]).path
            page = student.get(path)
            if page.one("h1").text == "This is wrong":
                number = journey.recipient.partition("@")[0].upper()
                given = {"What": CORRECTION, "Your student number": number}
                said = student.send(page.form_with("Report a mistake"), given)
                require("Thank you" in said.text, f"the student reads: {said.text}")
    finally:
        student.close()
    card = journey.card_says("The student reported a mistake")
    require(CORRECTION not in card.text, "the channel shows the student's words")
    return "the student reported a mistake with one button, and the card says that an answer is due"


def read_answer(journey: Journey) -> str:
    """Reveal the student and read the answer; a colleague without the permission cannot."""
    said = dialog_of(journey.click(ALICE, "Show")).text
    require(ANSWER not in said, "the answer is shown before a purpose was given")
    require(ANSWER in _revealed(journey), "the answer is not in the private dialog")
    refused = journey.type(DORA, f"/lantern reveal {journey.case}").text
    require("you need to be" in refused, f"{DORA} may not reveal the student, and reads: {refused}")
    return f"{ALICE} reads it after giving a purpose; {DORA} has no permission and does not"


def _revealed(journey: Journey) -> str:
    """Open the student's details and words as Alice, for a purpose; return the text."""
    form = dialog_of(journey.click(ALICE, "Reveal")).form_with("Open")
    page = journey.browser(ALICE).send(
        form, {"Why do you need to see it": "To prepare contact with the student"}
    )
    return dialog_of(page).text


def _mail(journey: Journey) -> Element:
    """Find the journey's email in the student's inbox."""
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
    raise CheckFailed("the student has no such email")
