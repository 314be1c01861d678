"""Actions that the stories repeat, and actions whose names differ between versions.

The policy gives some interfaces no name. Stories reach them through these helpers, so a change is
made in one place.
"""

from __future__ import annotations

import re
from functools import partial

from tests.policy.colleague import Answer, Person
from tests.policy.emails import Email
from tests.policy.people import Habit, Student
from tests.policy.school import School, the_day
from tests.policy.weeks import write_weeks
from tests.worker.played import once
from worker.demo.browser import Form, NotThere

VIEW = "She told me last week that her landlord has sold the house"
"""A reason in a colleague's own words."""


def emailed(school: School, who: Student, add: str = "") -> Email:
    """Send an email: Dora's view, Alice's draft, then Bob reads and approves it."""
    before = (_email, who, add)
    once(school.services, before, partial(_email, school, who, add))
    return school.emails(who)[-1]


def _email(school: School, who: Student, add: str) -> None:
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(who)
    before = len(school.emails(who))
    dora.views(reference, VIEW)
    drafted = alice.drafts(reference, add)
    assert not drafted.is_refused, f"Alice cannot draft for {reference}: {drafted.text}"
    bob.looks_at(reference)
    approved = bob.approves(reference)
    assert not approved.is_refused, f"Bob cannot approve {reference}: {approved.text}"
    school.works(sweep=True)
    sent = school.emails(who)
    assert len(sent) == before + 1, f"the approved email of {reference} has not left"


def tries_to_approve(person: Person, reference: str) -> str:
    """Try to approve; return the refusal that the person reads, or '' where it was approved."""
    opened = person.types(f"approve {reference}")
    try:
        sent = opened.sends()
    except NotThere:
        return opened.text or "nothing was shown"
    return sent.text


def raises_concern(person: Person, reference: str, why: str) -> str:
    """Raise a concern for the student's welfare; return what the person is answered."""
    opened = person.types(f"welfare {reference} {why}")
    return opened.sends(why=why).text if opened.can_be_sent else opened.text


def reports_death(person: Person, reference: str) -> Answer:
    """Report that the student has died, with the action that the card offers."""
    card = person.card(reference)
    for form in card.element.all("form", action="/sandbox/act"):
        label = form.one("button").text.casefold()
        if "died" in label or "death" in label:
            action = form.one("input", name="action").attributes["value"]
            return _sends_with_words(person.clicks(action, reference))
    opened = person.types(f"exempt {reference}")
    if "deceased" not in str(opened.dialog and [o.attributes for o in opened.dialog.all("option")]):
        raise NotThere(f"no button of {reference} speaks of a death: {card.buttons}")
    return opened.sends(kind="deceased", reason="Her family has told the dean")


def confirms_death(person: Person, reference: str) -> Answer:
    """Confirm the death as a second person, with the action that the card or messages offer."""
    return _decides(person, reference, r"confirm|has died|is true")


def corrects_death(person: Person, reference: str) -> Answer:
    """Report as a second person that the report was a mistake."""
    return _decides(person, reference, r"mistake|not right|not died|refuse|bring everything back")


def _decides(person: Person, reference: str, choice: str) -> Answer:
    page = person.card(reference).element
    direct = person.tab.get(f"/sandbox/c/direct:{person.name}")
    for where in (page, direct):
        for form in where.all("form", action="/sandbox/act"):
            label = form.one("button").text.casefold()
            if "confirm" in label or re.search(choice, label):
                opened = Answer(person.tab, person.tab.send(Form(form, form.one("button"))))
                return _sends_with_words(opened, choice)
    raise NotThere(f"{person.name} is nowhere asked to confirm the death of {reference}")


def _sends_with_words(answer: Answer, choice: str = "") -> Answer:
    """Fill in the dialog's fields: the option that fits, and a text where there are no options."""
    if answer.dialog is None:
        return answer
    given = {
        name: "Her family has told the dean" for name, value in answer.fields.items() if not value
    }
    for select in answer.dialog.all("select"):
        fitting = [
            o for o in select.all("option") if choice and re.search(choice, o.text, re.IGNORECASE)
        ]
        if fitting:
            name = select.attributes["name"].removeprefix("field.")
            given[name] = fitting[0].attributes["value"]
    return answer.sends(**given)


def explained(school: School) -> str:
    """Return what ``lantern doctor`` says of students with an active flag and no open case."""
    printed = school.lantern("doctor")
    assert "Usage" not in printed.text, (
        "`lantern doctor` by itself says nothing about students with an active flag and no open "
        "case; they are invisible"
    )
    return printed.text


def corrects_register(
    school: School,
    who: Student,
    first: str = "2026-11-09",
    last: str = "2026-11-20",
    lived: Habit | None = None,
) -> None:
    """Deliver the registers of these days again: the student was there, or lived as ``lived`` says,
    and had been recorded as absent by mistake."""
    made = write_weeks(
        school.home / "made", the_day(first), the_day(last), {who.number: lived or Habit()},
        without=("learning-space", "hand-in"),
    )  # fmt: skip
    to = school.home / "feeds" / "registers" / f"corrected-{first}.csv"
    to.parent.mkdir(parents=True, exist_ok=True)
    made["registers"].replace(to)


def delivery_of(school: School, file: str) -> str:
    """Return the number under which a file was delivered."""
    listed = school.lantern("feeds", "list", "--all").out
    found = re.search(rf"^ +(\d+)  \S+ \S+  {re.escape(file)}:", listed, re.MULTILINE)
    assert found, listed
    return found[1]
