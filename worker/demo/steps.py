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
from worker.demo.student_steps import (
    SENTENCE,
    answer_by_email,
    answer_by_link,
    check_answered,
    find_in_outbox,
    read_answer,
)

REASON = "Came to my office hour on Monday, so a friendly email is welcome."
NOTE = "Left a message with the tutor group."


def check_server(journey: Journey) -> str:
    """Ask ``/healthz`` whether the server reaches its database."""
    answer = httpx.get(f"{journey.url}/healthz", timeout=10)
    require(answer.status_code == 200, f"/healthz answers {answer.status_code}")
    return "the server reaches its database"


def check_channels(journey: Journey) -> str:
    """Check that three people see the channels of their own schools, and no other."""
    for name, expected in ((ALICE, {LANG}), (GORAN, {TIDE}), (KIM, {LANG, TIDE})):
        seen = set(journey.channels(name))
        require(seen == expected, f"{name} sees {', '.join(sorted(seen)) or 'no channel'}")
    return "each person sees their own schools' channels; Kim Kelp sees both"


def check_morning(journey: Journey) -> str:
    """Check that this morning's digest and new cases are in both channels."""
    counts = []
    for name, channel in ((ALICE, LANG), (GORAN, TIDE)):
        page = journey.channel(name, channel)
        digests = [each.text for each in page.all("article", **{"data-kind": "digest"})]
        require(any(on_day(journey.day) in each for each in digests), f"no digest in {channel}")
        opened = [card for card in cards(page) if on_day(journey.day) in card.text]
        require(opened, f"no case of this morning in {channel}")
        counts.append(f"{counted(len(opened), 'new case')} in {channel}")
    return f"digests of {on_day(journey.day)}; {' and '.join(counts)}"


def check_help(journey: Journey) -> str:
    """Check that help lists the commands."""
    said = journey.type(ALICE, "/lantern help").text
    missing = [name for name in ("today", "take", "view", "draft", "close") if name not in said]
    require(not missing, f"help does not mention {', '.join(missing)}")
    return "lists the commands, for Alice alone"


def mistype_command(journey: Journey) -> str:
    """Mistype a command, and check that the nearest one is offered."""
    said = journey.type(ALICE, "/lantern tkae LANG-1").text
    require("“take”" in said, f"“tkae” is answered with: {said}")
    return "“tkae” is answered with “take”"


def take_new_case(journey: Journey) -> str:
    """Take a case of this morning as Alice. Sets ``journey.case``."""
    for card in cards(journey.channel()):
        is_new = on_day(journey.day) in card.text and "New" in card.one("h3").text
        if is_new and ALICE not in card.text:
            journey.case = reference(card)
    require(journey.case, "there is no new case to take")
    journey.click(ALICE, "Take")
    journey.card_says(ALICE)
    return f"{journey.case} is with {ALICE}"


def try_other_school(journey: Journey) -> str:
    """Try to open the channel and the case from another school; both are refused."""
    status = journey.browser(GORAN).status(journey.channels(ALICE)[LANG])
    require(status == 404, f"{GORAN} gets {status} for {LANG}")
    said = journey.type(GORAN, f"/lantern show {journey.case}", TIDE).text
    require("another school" in said, f"{GORAN} reads: {said}")
    return f"{GORAN} cannot open the channel or {journey.case}"


def draft_first_email(journey: Journey) -> str:
    """Edit the suggested email and save it as a draft."""
    form = dialog_of(journey.click(ALICE, "Draft email")).form_with("Save the draft")
    suggested = form.filled_in({})["field.body"]
    journey.browser(ALICE).send(form, {"Email": f"{suggested}\n\n{SENTENCE}"})
    journey.card_says("drafted an email")
    return "Alice edited the suggested email, and the draft waits on the card"


def approve_too_early(journey: Journey) -> str:
    """Try to approve before a colleague's view; it is refused and shows no text."""
    card = journey.card(BOB).text
    require("Read and approve" not in card, f"{BOB} has a button that can only fail")
    require("Needs 1 view" in card, "the card does not say what is missing")
    said = journey.type(BOB, f"/lantern approve {journey.case}").text
    require("Needs 1 view" in said, f"approving without a colleague's view is answered: {said}")
    require(SENTENCE not in said, "the email is shown to a person who cannot approve it")
    return "the card asks for a colleague's view first, and the email stays closed"


def add_short_view(journey: Journey) -> str:
    """Give a view with too short a reason; it is refused beside its field."""
    form = dialog_of(journey.click(DORA, "Add view")).form_with("Add view")
    page = journey.browser(DORA).send(form, {"What": "Contact now", "Why": "yes"})
    beside = [each.text for each in dialog_of(page).all("p", class_="lc-error")]
    require(
        len(beside) == 1 and "your reason in a few words" in beside[0], f"refused with {beside}"
    )
    kept = dialog_of(page).form_with("Add view").filled_in({})
    require(kept["field.reason"] == "yes", "what was typed is lost")
    return "a reason of one word is refused beside its field"


def add_full_view(journey: Journey) -> str:
    """Give a view with a reason, as a colleague who did not draft the email."""
    form = dialog_of(journey.click(DORA, "Add view")).form_with("Add view")
    journey.browser(DORA).send(form, {"What": "Contact now", "Why": REASON})
    journey.card_says(REASON)
    return f"the card shows {DORA}'s view and reason"


def log_note(journey: Journey) -> str:
    """Log a note, and check that the channel does not show its words."""
    form = dialog_of(journey.click(ALICE, "Log a contact")).form_with("Log")
    journey.browser(ALICE).send(form, {"What did you do": "Note", "What happened": NOTE})
    card = journey.card_says("logged")
    require(NOTE not in card.text, "the channel shows the words of a note")
    return "the card shows that there is a note, but not its words"


def approve_after_view(journey: Journey) -> str:
    """Read and approve the email as Bob. Sets ``journey.approval``."""
    dialog = dialog_of(journey.click(BOB, "Read and approve"))
    said = _approve(journey, dialog).one("div", id="private").text
    require(not said, f"approving is answered: {said}")
    journey.card_says(f"Email sent to the student, approved by {BOB}")
    return f"{BOB} has read and approved it; the card says that it is sent"


def approve_again(journey: Journey) -> str:
    """Send the same approval again, and check that it does nothing."""
    require(journey.approval, "nothing was approved")
    if journey.approval:
        journey.browser(BOB).send(journey.approval)
    said = journey.type(BOB, f"/lantern approve {journey.case}").text
    require("no email waiting" in said, f"approving again is answered: {said}")
    return "the same click again does nothing, and no email waits any more"


def close_with_outcome(journey: Journey) -> str:
    """Close the case, and check that its card shows the outcome."""
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


def verify_audit(journey: Journey) -> str:
    """Check the audit's chain as `lantern audit verify` does.

    Raises ``CheckFailed`` with the first broken row.
    """
    broken = journey.verify_audit()
    if broken:
        raise CheckFailed(f"the chain is broken at row {broken.seq}: {broken.reason}")
    return "the chain is intact from the first row to the last"


def _approve(journey: Journey, dialog: Element) -> Element:
    form: Form = dialog.form_with("Approve and send")
    journey.approval = form
    return journey.browser(BOB).send(form)


STEPS: tuple[tuple[str, Step], ...] = (
    ("Health", check_server),
    ("Channels", check_channels),
    ("Morning", check_morning),
    ("Help", check_help),
    ("Wrong command", mistype_command),
    ("Take", take_new_case),
    ("Other school", try_other_school),
    ("Draft email", draft_first_email),
    ("Approve too early", approve_too_early),
    ("View too short", add_short_view),
    ("Add view", add_full_view),
    ("Log", log_note),
    ("Approve", approve_after_view),
    ("Approve twice", approve_again),
    ("Outbox", find_in_outbox),
    ("Student answers", answer_by_email),
    ("Reply", check_answered),
    ("Student's link", answer_by_link),
    ("Show", read_answer),
    ("Close", close_with_outcome),
    ("Audit", verify_audit),
)
