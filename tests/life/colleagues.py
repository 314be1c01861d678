"""What colleagues and students do in the course of a day: random, seeded, at times careless.

They do everything in a browser, in the sandbox. A ledger that Lantern does not see records what
they did: who gave a considered view of which case, who drafted, who approved.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.life.students import Everyone
from tests.policy.acts import reports_death
from tests.policy.colleague import Answer, Card, Person
from tests.policy.emails import Email
from tests.policy.people import GLAS, RIVE, Student
from tests.policy.school import School
from worker.demo.browser import NotThere

TEAM = {GLAS: ("alice", "bob", "dora", "otto"), RIVE: ("hana", "goran", "jonas")}
DRAFTERS = {GLAS: "alice", RIVE: "hana"}
REASONS = (
    "I met her in the corridor, and she said that she is moving house",
    "He was quiet in the seminar, so a friendly word is welcome",
    "Nothing that I know of speaks against writing to this student",
    "They told me about a long journey to the campus each morning",
    "Let us ask first how things are going at home this month",
)
OLDEST = 6
CARELESS = ("👍 👍 👍", ". . . . .", "ok ok ok")
OUTCOMES = ("meeting-held", "resource-pointed-to", "re-engaged", "circumstances-known")


@dataclass
class Ledger:
    """What people know that they did."""

    views: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    drafted: dict[str, str] = field(default_factory=dict)
    approved: list[tuple[str, str]] = field(default_factory=list)
    """(case, approver) of each approved email."""
    student_of: dict[str, str] = field(default_factory=dict)
    """Case → the student's number, from a colleague who opened it for a purpose."""
    stopped: dict[str, dt.date] = field(default_factory=dict)
    """Number → the day from which no email about engagement may be sent: death or a complaint."""
    exempt: dict[str, dt.date] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    """What Lantern refused, with the reason."""


@dataclass
class Colleagues:
    """All colleagues who work with Lantern, and their random choices."""

    school: School
    who: Everyone
    chance: random.Random
    ledger: Ledger = field(default_factory=Ledger)
    _answered: set[str] = field(default_factory=set)

    def knows(self, cards: Mapping[str, Mapping[str, Card]]) -> None:
        """Open the student of each new case, and act on what is known about them."""
        for code, found in cards.items():
            for reference in found:
                self._knows(code, reference)

    def a_day(self, cards: Mapping[str, Mapping[str, Card]], acts: int) -> None:
        """Do some acts in each school on cases that were open in the morning, then the students'
        answers."""
        for code, team in TEAM.items():
            open_ones = [card for card in cards[code].values() if not _is_over(card)]
            # The oldest first, as people do: otherwise no case would ever reach an email.
            first = open_ones[:OLDEST]
            for card in self.chance.sample(first, min(acts, len(first))):
                self._acts(code, team, card)
        self.school.works(sweep=True)
        self._students_answer()

    def cards(self, code: str) -> dict[str, Card]:
        """Return the cards of a school's own cases."""
        found = self.school.cards(DRAFTERS[code])
        return {reference: card for reference, card in found.items() if reference.startswith(code)}

    def _knows(self, code: str, reference: str) -> None:
        """Open the student of a new case, and record at once what is known about them."""
        if reference in self.ledger.student_of:
            return
        person = self.school.person(DRAFTERS[code])
        shown = person.types(f"reveal {reference} prepare-contact").text
        number = next((each for each in re.findall(r"\b[GR]\d{4}\b", shown)), "")
        self.ledger.student_of[reference] = number
        way = self.who.ways.get(number)
        if way and way.wanted == "exempt":
            self._note(
                self.school.person(DRAFTERS[code]),
                f"exempt {reference}",
                kind="circumstances-known",
                last=str(self.school.today + dt.timedelta(days=28)),
                reason="There was a death in the family",
            )
            self.ledger.exempt[number] = self.school.today
        if way and way.wanted == "dies":
            try:
                reports_death(person, reference)
                self.ledger.stopped[number] = self.school.today
            except NotThere as refused:
                self.ledger.refused.append(f"death of {reference}: {refused}")

    def _acts(self, code: str, team: tuple[str, ...], card: Card) -> None:
        reference, drafter = card.reference, DRAFTERS[code]
        others = [name for name in team if name != drafter]
        approver = self.chance.choice(others)
        dice = self.chance.random()
        if dice < 0.1:
            # Careless: no words at all, or an approval without a view.
            self.school.person(others[0]).types(
                f"view {reference} contact-now {self.chance.choice(CARELESS)}"
            )
        elif dice < 0.2 or (
            "approve" in card.buttons and self.ledger.views[reference] - {approver}
        ):
            self._approves(reference, approver)
        elif not self.ledger.views[reference]:
            viewer = next(name for name in others if name != approver)
            self._views(reference, viewer)
        elif "approve" not in card.buttons and "draft" in card.buttons and dice < 0.8:
            self._drafts(reference, drafter)
        elif dice < 0.9:
            person = self.school.person(drafter)
            self._note(person, f"attempt {reference}", rung="phone", result="no-answer")
        else:
            person = self.school.person(others[0])
            outcome = self.chance.choice(OUTCOMES)
            self._note(person, f"close {reference}", outcome=outcome, helped="conversation")

    def _views(self, reference: str, name: str) -> None:
        try:
            said = self.school.person(name).views(reference, self.chance.choice(REASONS))
        except NotThere as refused:
            self.ledger.refused.append(f"view {reference}: {refused}")
            return
        if not said.errors:
            self.ledger.views[reference].add(name)

    def _drafts(self, reference: str, name: str) -> None:
        said = self._note(self.school.person(name), f"draft {reference}")
        if said is not None and not said.is_refused:
            self.ledger.drafted[reference] = name

    def _approves(self, reference: str, name: str) -> None:
        before = len(self.school.emails())
        said = self._note(self.school.person(name), f"approve {reference}")
        self.school.works(sweep=True)
        if said is not None and len(self.school.emails()) > before:
            self.ledger.approved.append((reference, name))

    def _note(self, person: Person, line: str, **names: str) -> Answer | None:
        """Fill in a dialog, and record a refusal, since refusals are part of the simulation."""
        try:
            said = person.fills(line, **names)
        except NotThere as refused:
            self.ledger.refused.append(f"{line}: {refused}")
            return None
        if said.text:
            self.ledger.refused.append(f"{line}: {said.text[:160]}")
        return said

    def _students_answer(self) -> None:
        by_address = {each.university_email: each for each in self.who.students}
        for email in self.school.emails():
            if email.file.name in self._answered:
                continue
            self._answered.add(email.file.name)
            who = by_address.get(email.to)
            way = self.who.ways.get(who.number) if who else None
            if who is None or way is None:
                continue
            self._answers(who, way.wanted, email)

    def _answers(self, who: Student, wanted: str, email: Email) -> None:
        if wanted == "answers":
            self.school.answers(
                email,
                "My student account is locked, so I write from here.",
                f"{who.given}@elsewhere.example",
            )
        elif wanted == "complains":
            self.school.answers(email, "I find it unfair that I am watched like this.")
            reference = self.school.case_of(who)
            person = self.school.person("dora" if who.school == GLAS else "goran")
            said = person.types(f'complaint {reference} nobody "the student finds it unfair"')
            if said.dialog is not None:
                said.sends()
            self.ledger.stopped[who.number] = self.school.today


def _is_over(card: Card) -> bool:
    return any(word in card.heading for word in ("Closed", "Merged", "Paused"))
