"""Simulate a term, and check at its end what must hold."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from integrations import bootstrap
from integrations.moved_clock import MovedClock
from integrations.settings import load_settings
from tests.life.colleagues import DRAFTERS, Colleagues
from tests.life.students import Everyone, everyone
from tests.life.truth import Truth, records_until
from tests.policy.colleague import Card
from tests.policy.document import TOLD, write_policies
from tests.policy.doors import command_line
from tests.policy.people import GLAS, RIVE, TERM, write_roster
from tests.policy.school import LONDON, MORNING, School
from tests.policy.weeks import write_weeks
from tests.stores import spare_the_disk

SILENT_DAYS = 14
"""The days of inactivity in both schools' policies."""
OLDEST_RECORDS = 5
"""Days: the default in both schools' policies."""
Cards = Mapping[str, Mapping[str, Card]]
"""School → case → the card as it stood in the morning."""
BUSY = (0, 2, 4)
"""The weekdays on which colleagues work on cases; screening runs every night."""
SLACK_DAYS = 4
"""School days of tolerance: a weekend's feeds, and the daily limit for new cases."""
CLOSED = (dt.date(2026, 12, 21), dt.date(2027, 1, 3))


@dataclass
class Term:
    """The length of the term and the number of acts."""

    seed: int
    weeks: int = 5
    students: int = 300
    acts: int = 2
    """Acts of colleagues in each school on each day."""


@dataclass
class Outcome:
    """The results; ``broken`` is empty if every check passed."""

    term: Term
    broken: list[str] = field(default_factory=list)
    cases: int = 0
    emails: int = 0
    claims: int = 0
    explained: int = 0
    refused: int = 0

    def line(self) -> str:
        """Return one line for a terminal."""
        state = "held" if not self.broken else f"{len(self.broken)} BROKEN"
        return (
            f"life seed {self.term.seed}: {self.term.weeks} weeks, {self.term.students} students: "
            f"{self.cases} cases, {self.emails} emails, {self.claims} claims re-measured, "
            f"{self.explained} silent students explained, {self.refused} refusals; {state}"
        )


def live(term: Term, home: Path) -> Outcome:
    """Simulate the term in this empty folder."""
    who = everyone(term.students, term.seed)
    school = _begin(home, who)
    try:
        life = _Life(term, school, who, Truth(home / "truth.db"))
        for day in school_days(term.weeks):
            life.day(day)
        life.end()
        return life.outcome
    finally:
        school.services.close()


def school_days(weeks: int) -> list[dt.date]:
    """Return every school morning from the second day on."""
    days = [TERM + dt.timedelta(days=n) for n in range(1, 7 * weeks)]
    return [day for day in days if day.weekday() < 5 and not CLOSED[0] <= day <= CLOSED[1]]


def _begin(home: Path, who: Everyone) -> School:
    """Set up the schools by the command line, on the simulated clock."""
    home.mkdir(parents=True, exist_ok=True)
    clock = MovedClock(home / "clock")
    clock.set(dt.datetime.combine(TERM, dt.time(9), LONDON))
    where = {"LANTERN_HOME": str(home), "LANTERN_CLOCK": str(clock.file)}
    for words in (
        ("ingest", "roster", write_roster(home / "roster", who.students)),
        *(("policy", "publish", file, *TOLD) for file in write_policies(home / "policies")),
    ):
        done = command_line(where, *words)
        assert done.code == 0, done.text
    services = bootstrap.build(load_settings(home=home, clock=clock.file))
    spare_the_disk(services.store.database)
    return School(home, services, clock, known_until=TERM - dt.timedelta(days=1))


@dataclass
class _Life:
    term: Term
    school: School
    who: Everyone
    truth: Truth
    outcome: Outcome = field(init=False)
    colleagues: Colleagues = field(init=False)
    _seen: set[str] = field(default_factory=set)
    _letters: set[str] = field(default_factory=set)
    _hidden: dict[str, int] = field(default_factory=dict)
    """Inactive student → school days without a card or an explanation."""

    def __post_init__(self) -> None:
        dice = random.Random(f"colleagues {self.term.seed}")
        self.colleagues = Colleagues(self.school, self.who, dice)
        self.outcome = Outcome(self.term)

    def day(self, day: dt.date) -> None:
        """Simulate a school day: the feeds, the night, the morning, and what people do."""
        first, last = self.school.known_until + dt.timedelta(days=1), day - dt.timedelta(days=1)
        habits = {number: way.habit for number, way in self.who.ways.items()}
        files = write_weeks(
            self.school.home / "later", first, last, habits, students=self.who.students
        )
        self.truth.learns(files.values())
        for source, file in files.items():
            target = self.school.home / "feeds" / source / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        self.school.known_until = last
        for time in MORNING:
            self.school.at(time, day)
        if day.weekday() not in BUSY:
            return
        cards = {code: self.colleagues.cards(code) for code in (GLAS, RIVE)}
        self.colleagues.knows(cards)
        self._claims_on_cards(cards, day)
        if day.weekday() == 4:
            self._nobody_is_invisible(cards, day)
        self.colleagues.a_day(cards, self.term.acts)
        self._claims_in_letters(day)

    # -- What must hold ---------------------------------------------------------------------------

    def _claims_on_cards(self, cards: Cards, day: dt.date) -> None:
        """Check that each claim on a new card was true on the morning of its posting."""
        for found in cards.values():
            for reference, card in found.items():
                number = self.colleagues.ledger.student_of.get(reference, "")
                if reference not in self._seen and number:
                    self._seen.add(reference)
                    self._measure(reference, number, card.text, day)

    def _claims_in_letters(self, day: dt.date) -> None:
        numbers = {each.university_email: each.number for each in self.who.students}
        for email in self.school.emails():
            if email.file.name not in self._letters:
                self._letters.add(email.file.name)
                if email.to in numbers:
                    self._letter(numbers[email.to], email.text, day)

    def _letter(self, number: str, text: str, day: dt.date) -> None:
        """Check a letter's claims as of the day to which its records go, which has to be recent."""
        where, known = f"the email to {number}", records_until(text, day)
        if (day - known).days > OLDEST_RECORDS:
            self.outcome.broken.append(f"{day}, {where}: its records end on {known}")
        self._measure(where, number, text, known + dt.timedelta(days=1))

    def _measure(self, where: str, number: str, text: str, day: dt.date) -> None:
        self.outcome.claims += 1
        for trouble in self.truth.contradictions(number, text, day):
            self.outcome.broken.append(f"{day}, {where} ({number}): {trouble}")

    def _nobody_is_invisible(self, cards: Cards, day: dt.date) -> None:
        """Check that each student who is inactive for long enough has a card or an explanation."""
        doctor = self.school.lantern("doctor").text
        for number, last in self.truth.silent(day, SILENT_DAYS + SLACK_DAYS):
            if day - TERM < dt.timedelta(days=SILENT_DAYS + SLACK_DAYS + 2):
                continue
            if not self._is_explained(number, cards, doctor):
                self.outcome.broken.append(
                    f"{day}: {number}, last seen {last or 'never'}, has no open case, and nothing "
                    "explains it"
                )
            self.outcome.explained += 1

    def _is_explained(self, number: str, cards: Cards, doctor: str) -> bool:
        who = next(each for each in self.who.students if each.number == number)
        reference = self.school.case_of(who, DRAFTERS[who.school])
        code = reference.partition("-")[0]
        card = cards.get(code, {}).get(reference)
        ledger = self.colleagues.ledger
        if card is not None and not re.search(r"Closed|Merged", card.heading):
            return True
        return (
            number in ledger.exempt
            or number in ledger.stopped
            or number in doctor
            or (bool(reference) and reference in doctor)
        )

    def end(self) -> None:
        """Make the checks that concern the whole record."""
        ledger, outcome = self.colleagues.ledger, self.outcome
        outcome.cases, outcome.refused = len(ledger.student_of), len(ledger.refused)
        self._every_email_had_a_view()
        done = self.school.lantern("audit", "verify")
        if done.code:
            outcome.broken.append(f"the audit does not hold: {done.text}")
        audit = self._whole_audit()
        for code in (GLAS, RIVE):
            for reference, card in self.colleagues.cards(code).items():
                self._audit_explains(reference, card, audit)

    def _every_email_had_a_view(self) -> None:
        ledger = self.colleagues.ledger
        emails = self.school.emails()
        self.outcome.emails = len(emails)
        if len(emails) != len(ledger.approved):
            self.outcome.broken.append(
                f"{len(emails)} emails left, and people remember {len(ledger.approved)} approvals"
            )
        for reference, approver in ledger.approved:
            own = {approver, ledger.drafted.get(reference, "")}
            if not ledger.views[reference] - own:
                self.outcome.broken.append(
                    f"an email of {reference} left without another colleague's view (by {approver})"
                )

    def _whole_audit(self) -> dict[str, list[str]]:
        """Return case → what was done on it, as the audit's pages show."""
        tab, rows = self.school.person("alice").tab, dict[str, list[str]]()
        page = tab.get("/sandbox/audit")
        while True:
            lines = [
                each
                for each in page.all("tr")
                if each.attributes.get("id", "").startswith("audit-")
            ]
            for line in lines:
                for reference in set(re.findall(r"\b(?:GLAS|RIVE)-\d+\b", line.text)):
                    rows.setdefault(reference, []).append(line.text)
            older = [a.attributes["href"] for a in page.all("a") if a.text == "Earlier rows"]
            if not older:
                return rows
            page = tab.get(f"/sandbox/audit{older[0]}")

    def _audit_explains(self, reference: str, card: Card, audit: dict[str, list[str]]) -> None:
        state = card.heading.split("·")[-1].strip().casefold()
        rows = " ".join(audit.get(reference, ())).casefold()
        wanted = {
            "closed": "clos",
            "paused": "paus",
            "in contact": "sen",
            "responded": "answer|repl|said",
        }
        if not rows:
            self.outcome.broken.append(f"the audit knows nothing of {reference}")
        elif state in wanted and not re.search(wanted[state], rows):
            self.outcome.broken.append(
                f"{reference} is {state}, and the audit does not say why: {rows[:300]}"
            )
