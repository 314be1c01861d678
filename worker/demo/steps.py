"""What the unattended demo does, in order: one function a step, which says what it saw."""

from __future__ import annotations

import httpx

from store.rules.text.formatting import counted, on_day
from worker.demo.browser import Element, Form
from worker.demo.journey import (
    ALICE,
    BOB,
    DORA,
    GORAN,
    KIM,
    LANG,
    TIDE,
    CheckFailed,
    Journey,
    Step,
    cards,
    dialog_of,
    reference,
    require,
)
from worker.demo.student_steps import ANSWER, SENTENCE, answer, link, reply

REASON = "Came to my office hour on Monday, so a friendly email is welcome."
NOTE = "Left a message with the tutor group."


def health(journey: Journey) -> str:
    answer = httpx.get(f"{journey.url}/healthz", timeout=10)
    require(answer.status_code == 200, f"/healthz answers {answer.status_code}")
    return "the server reaches its database"


def channels(journey: Journey) -> str:
    for name, expected in ((ALICE, {LANG}), (GORAN, {TIDE}), (KIM, {LANG, TIDE})):
        seen = set(journey.channels(name))
        require(seen == expected, f"{name} sees {', '.join(sorted(seen)) or 'no channel'}")
    return "each person sees those of their own schools, Kim Kelp both"


def morning(journey: Journey) -> str:
    counts = []
    for name, channel in ((ALICE, LANG), (GORAN, TIDE)):
        page = journey.channel(name, channel)
        digests = [each.text for each in page.all("article", **{"data-kind": "digest"})]
        require(any(on_day(journey.day) in each for each in digests), f"no digest in {channel}")
        opened = [card for card in cards(page) if on_day(journey.day) in card.text]
        require(opened, f"no case of this morning in {channel}")
        counts.append(f"{counted(len(opened), 'new case')} in {channel}")
    return f"digests of {on_day(journey.day)}; {' and '.join(counts)}"


def help_(journey: Journey) -> str:
    said = journey.type(ALICE, "/lantern help").text
    missing = [name for name in ("today", "take", "view", "draft", "close") if name not in said]
    require(not missing, f"help does not mention {', '.join(missing)}")
    return "lists the commands, for Alice alone"


def nearest(journey: Journey) -> str:
    said = journey.type(ALICE, "/lantern tkae LANG-1").text
    require("“take”" in said, f"“tkae” is answered with: {said}")
    return "“tkae” is answered with “take”"


def take(journey: Journey) -> str:
    for card in cards(journey.channel()):
        is_new = on_day(journey.day) in card.text and "New" in card.one("h3").text
        if is_new and ALICE not in card.text:
            journey.case = reference(card)
    require(journey.case, "there is no new case to take")
    journey.click(ALICE, "Take")
    journey.card_says(ALICE)
    return f"{journey.case} is with {ALICE}"


def other_school(journey: Journey) -> str:
    status = journey.browser(GORAN).status(journey.channels(ALICE)[LANG])
    require(status == 404, f"{GORAN} gets {status} for {LANG}")
    said = journey.type(GORAN, f"/lantern show {journey.case}", TIDE).text
    require("another school" in said, f"{GORAN} is told: {said}")
    return f"{GORAN} finds no such channel, and may not open {journey.case}"


def draft(journey: Journey) -> str:
    form = dialog_of(journey.click(ALICE, "Draft email")).form_with("Save the draft")
    suggested = form.filled_in({})["field.body"]
    journey.browser(ALICE).send(form, {"Email": f"{suggested}\n\n{SENTENCE}"})
    journey.card_says("drafted an email")
    return "a suggested email, made her own by Alice, waits on the card"


def refused(journey: Journey) -> str:
    card = journey.card(BOB).text
    require("Read and approve" not in card, f"{BOB} is offered what has to fail")
    require("Needs 1 view" in card, "the card does not say what is missing")
    said = journey.type(BOB, f"/lantern approve {journey.case}").text
    require("Needs 1 view" in said, f"approving without a colleague's view is answered: {said}")
    require(SENTENCE not in said, "the email is shown to one who cannot approve it")
    return "needs the view of a colleague first, and the email stays closed"


def too_short(journey: Journey) -> str:
    form = dialog_of(journey.click(DORA, "Add view")).form_with("Add view")
    page = journey.browser(DORA).send(form, {"What": "Contact now", "Why": "yes"})
    beside = [each.text for each in dialog_of(page).all("p", class_="lc-error")]
    require(
        len(beside) == 1 and "your reason in a few words" in beside[0], f"refused with {beside}"
    )
    kept = dialog_of(page).form_with("Add view").filled_in({})
    require(kept["field.reason"] == "yes", "what was typed is lost")
    return "a reason of one word is refused beside its field"


def view(journey: Journey) -> str:
    form = dialog_of(journey.click(DORA, "Add view")).form_with("Add view")
    journey.browser(DORA).send(form, {"What": "Contact now", "Why": REASON})
    journey.card_says(REASON)
    return f"{DORA}'s view and reason stand on the card"


def log(journey: Journey) -> str:
    form = dialog_of(journey.click(ALICE, "Log a contact")).form_with("Log")
    journey.browser(ALICE).send(form, {"What did you do": "Note", "What happened": NOTE})
    card = journey.card_says("logged")
    require(NOTE not in card.text, "the words of a note stand in the channel")
    return "that there is a note stands on the card, its words do not"


def approve(journey: Journey) -> str:
    dialog = dialog_of(journey.click(BOB, "Read and approve"))
    said = _approve(journey, dialog).one("div", id="private").text
    require(not said, f"approving is answered: {said}")
    journey.card_says(f"Email sent to the student, approved by {BOB}")
    return f"{BOB} has read and approved it; the card says that it is sent"


def twice(journey: Journey) -> str:
    require(journey.approval, "nothing was approved")
    if journey.approval:
        journey.browser(BOB).send(journey.approval)
    said = journey.type(BOB, f"/lantern approve {journey.case}").text
    require("no email waiting" in said, f"approving again is answered: {said}")
    return "the same click again does nothing, and no email waits any more"


def outbox(journey: Journey) -> str:
    shown = _revealed(journey)
    page = journey.browser(ALICE).get("/sandbox/outbox")
    mails = [each for each in page.all("article", class_="mail") if SENTENCE in each.text]
    require(len(mails) == 1, f"the email is there {counted(len(mails), 'time')}")
    state, to = mails[0].one("span", class_="state").text, mails[0].one("dd").text
    require(state == "sent", f"the email is {state}")
    require(to in shown, "the email went to an address that is not the student's")
    journey.recipient = to
    return "the email is there once, sent, to the student's address"


def show(journey: Journey) -> str:
    said = dialog_of(journey.click(ALICE, "Show")).text
    require(ANSWER not in said, "the answer stands where no one has said what for")
    require(ANSWER in _revealed(journey), "the answer is not in the private dialog")
    refused = journey.type(DORA, f"/lantern reveal {journey.case}").text
    require("you need to be" in refused, f"{DORA} may not know who it is, and is told: {refused}")
    return f"{ALICE} reads it once she has said what for; {DORA}, who may not, does not"


def _revealed(journey: Journey) -> str:
    """Who the student is and what they wrote, as Alice opens it for a purpose."""
    form = dialog_of(journey.click(ALICE, "Reveal")).form_with("Open")
    page = journey.browser(ALICE).send(form, {"What for": "To prepare contact with the student"})
    return dialog_of(page).text


def close(journey: Journey) -> str:
    form = dialog_of(journey.click(ALICE, "Close")).form_with("Close the case")
    journey.browser(ALICE).send(
        form,
        {
            "How did it end": "Meeting held",
            "What helped": "Conversation",
            "Anything to add": "A talk.",
        },
    )
    card = journey.card_says("Meeting held")
    require("Closed" in card.one("h3").text, f"the card says {card.one('h3').text}")
    return f"{journey.case} is closed, with its outcome on the card"


def audit(journey: Journey) -> str:
    """Check the audit's chain as `lantern audit verify` does.

    Raises ``CheckFailed`` with the first row that does not fit.
    """
    broken = journey.verify_audit()
    if broken:
        raise CheckFailed(f"the chain does not hold at row {broken.seq}: {broken.reason}")
    return "the chain holds from the first row to the last"


def _approve(journey: Journey, dialog: Element) -> Element:
    form: Form = dialog.form_with("Approve and send")
    journey.approval = form
    return journey.browser(BOB).send(form)


STEPS: tuple[tuple[str, Step], ...] = (
    ("Health", health),
    ("Channels", channels),
    ("Morning", morning),
    ("Help", help_),
    ("Wrong command", nearest),
    ("Take", take),
    ("Other school", other_school),
    ("Draft email", draft),
    ("Approve too early", refused),
    ("View too short", too_short),
    ("Add view", view),
    ("Log", log),
    ("Approve", approve),
    ("Approve twice", twice),
    ("Outbox", outbox),
    ("Student answers", answer),
    ("Reply", reply),
    ("Student's link", link),
    ("Show", show),
    ("Close", close),
    ("Audit", audit),
)
