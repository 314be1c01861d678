"""What colleagues do again and again, and what later versions call by another name.

Where a door has no name in the policy, the stories use these; so there is one place to change.
"""

from __future__ import annotations

import re

from tests.policy.colleague import Answer, Person
from tests.policy.emails import Email
from tests.policy.people import Habit, Student
from tests.policy.school import School, the_day
from tests.policy.weeks import write_weeks
from worker.demo.browser import Form, NotThere

VIEW = "She told me last week that her landlord has sold the house"
"""A reason in words of one's own."""


def emailed(school: School, who: Student, add: str = "") -> Email:
    """Dora's view, Alice's draft, Bob's reading and approval: the email leaves."""
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
    return sent[-1]


def tries_to_approve(person: Person, reference: str) -> str:
    """What stands in the way, in the words that the person reads; '' where it was approved."""
    opened = person.types(f"approve {reference}")
    try:
        sent = opened.sends()
    except NotThere:
        return opened.text or "nothing was shown"
    return sent.text


def raises_concern(person: Person, reference: str, why: str) -> str:
    """Raise a concern for the student's welfare; what the person is answered."""
    opened = person.types(f"welfare {reference} {why}")
    return opened.sends(why=why).text if opened.can_be_sent else opened.text


def reports_death(person: Person, reference: str) -> Answer:
    """Say that the student has died, by the way that the card offers for it."""
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
    """A second person confirms it, by whatever the card or their messages offer for it."""
    return _decides(person, reference, r"confirm|has died|is true")


def corrects_death(person: Person, reference: str) -> Answer:
    """A second person says that the report was a mistake."""
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
    """Fill in whatever a dialog asks: the option that fits, and words where there are none."""
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
    """What a first ``lantern doctor`` says of students with an active flag and no open case."""
    printed = school.lantern("doctor")
    assert "Usage" not in printed.text, (
        "`lantern doctor` by itself says nothing about students with an active flag and no open "
        "case; they are invisible"
    )
    return printed.text


def without_numbers(text: str) -> str:
    """The text without its figures, to compare wording."""
    return re.sub(r"\d+", "#", text)


def corrects_register(
    school: School,
    who: Student,
    first: str = "2026-11-09",
    last: str = "2026-11-20",
    lived: Habit | None = None,
) -> None:
    """The registers of these days come again: the student was there, or lived as ``lived`` says,
    and had been put down as absent by mistake."""
    made = write_weeks(
        school.home / "made", the_day(first), the_day(last), {who.number: lived or Habit()},
        without=("learning-space", "hand-in"),
    )  # fmt: skip
    to = school.home / "feeds" / "registers" / f"corrected-{first}.csv"
    to.parent.mkdir(parents=True, exist_ok=True)
    made["registers"].replace(to)


def delivery_of(school: School, file: str) -> str:
    """The number under which a file was delivered."""
    listed = school.lantern("feeds", "list", "--all").out
    found = re.search(rf"^ +(\d+)  \S+ \S+  {re.escape(file)}:", listed, re.MULTILINE)
    assert found, listed
    return found[1]
