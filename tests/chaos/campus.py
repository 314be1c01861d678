"""The schools of a bad day: invented staff and students, what they do, and their own record of it.

The record holds what people know that they did. Lantern does not see it; the final check uses it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from store.actions.outreach import write_draft
from store.platforms.accounts import enrol
from store.rules.errors import CaseworkError
from store.rules.model import Level, Platform, Role
from store.rules.schools import (
    EnrolmentEntry,
    ModuleEntry,
    Roster,
    SchoolEntry,
    StaffEntry,
    StudentEntry,
)
from store.tables import cases, channels, students
from tests.fakes.slack.records import BOT, TEAM, SlackChannel, SlackPerson
from tests.fakes.slack.service import FakeSlack
from tests.people import TRAINED, finding, policy_document
from tests.world import World

LEAD, OFFICER, ADVISER, ORGANISER = "lead", "officer", "adviser", "organiser"
ROLES = {
    LEAD: Role.ENGAGEMENT_LEAD,
    OFFICER: Role.STUDENT_SUPPORT_OFFICER,
    ADVISER: Role.ADVISER,
    ORGANISER: Role.MODULE_ORGANISER,
}
COMES_BACK = 0.01
"""The chance that a student with an active flag has been active since yesterday."""


@dataclass(frozen=True, slots=True)
class Person:
    """A student as the campus knows them."""

    number: str
    given: str
    family: str
    school: str

    @property
    def address(self) -> str:
        return f"{self.given.lower()}@students.example.ac.uk"


@dataclass(frozen=True, slots=True)
class Approved:
    """An email that a colleague approved: its student and its text."""

    case: int
    student: Person
    subject: str
    school: str


@dataclass
class Campus:
    """The schools, their people and what they did. Days are school days."""

    schools: int
    days: int
    chance: random.Random
    cases: float
    """New cases of each school on each day, on average; two at most."""
    approved: dict[str, Approved] = field(default_factory=dict)
    """The outbox's key → the email."""
    opened: dict[int, Person] = field(default_factory=dict)
    """Case → student."""
    _flagged: dict[str, list[Person]] = field(default_factory=dict)
    _fresh: list[int] = field(default_factory=list)
    _students: dict[str, Iterator[Person]] = field(default_factory=dict)
    everyone: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        each = 2 * self.days
        names = (_word(number) for number in range(self.schools * each))
        for code in self.codes:
            here = [
                Person(f"{code}{at}", f"Xy{name}", f"Zor{name}", code)
                for at, name in zip(range(each), names, strict=False)
            ]
            self.everyone += here
            self._students[code], self._flagged[code] = iter(here), []

    @property
    def codes(self) -> list[str]:
        """The codes of the schools: SAA, SAB and so on."""
        return [f"S{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(self.schools)]

    # -- Before the term ---------------------------------------------------------------------------

    def roster(self) -> Roster:
        """Return everyone, as a feed would deliver them."""
        return Roster(
            schools=tuple(SchoolEntry(code, f"School {code}", "Faculty") for code in self.codes),
            staff=tuple(
                StaffEntry(
                    f"{staff_name(code, role)}@example.ac.uk",
                    f"{role.title()} of {code}",
                    ((code, ROLES[role]),),
                    TRAINED if role == LEAD else None,
                )
                for code in self.codes
                for role in ROLES
            ),
            modules=tuple(ModuleEntry(f"{code}101", "Beginners", code) for code in self.codes),
            students=tuple(
                StudentEntry(
                    each.number,
                    each.given,
                    each.family,
                    Level.UNDERGRADUATE,
                    "R100",
                    each.school,
                    university_email=each.address,
                )
                for each in self.everyone
            ),
            enrolments=tuple(
                EnrolmentEntry(each.number, f"{each.school}101", dt.date(2025, 9, 22))
                for each in self.everyone
            ),
        )

    def moves_in(self, world: World, slack: FakeSlack) -> None:
        """Publish each school's policy, enrol its staff, and invite Lantern into its channel."""
        for code in self.codes:
            world.publish(policy_document(code, capacity=1_000))
            accounts = {
                f"{staff_name(code, role)}@example.ac.uk": user_id(code, role) for role in ROLES
            }
            for address, user in accounts.items():
                slack.people[user] = SlackPerson(user, address)
            slack.channels[channel_of(code)] = SlackChannel(
                channel_of(code), [*accounts.values(), BOT]
            )
            row = {"platform": Platform.SLACK, "tenant": TEAM, "name": code}
            with world.store.unit_of_work() as work:
                work.connection.execute(
                    sa.insert(channels).values(
                        **row, school_id=world.school(code), channel=channel_of(code)
                    )
                )
            enrol(world.store, Platform.SLACK, TEAM, world.school(code), accounts)

    # -- What people do ----------------------------------------------------------------------------

    def morning(self, world: World) -> None:
        """Screen each school with new students to flag; some flagged students are active again."""
        for code in self.codes:
            flagged = self._flagged[code]
            flagged[:] = [each for each in flagged if self.chance.random() >= COMES_BACK]
            new = [next(self._students[code]) for _ in range(self._draw())]
            if not new:
                continue
            flagged += new
            ids = _ids(world, flagged)
            world.screen(*(finding(ids[each.number]) for each in flagged), school=code)
            for case, number in _cases_of(world, [ids[each.number] for each in new]):
                self.opened[case] = next(each for each in new if ids[each.number] == number)
                self._fresh.append(case)

    def working_hour(self, world: World) -> None:
        """Have colleagues take some of the new cases, discuss them and approve an email."""
        todo = [case for case in self._fresh if self.chance.random() < 0.4]
        for case in todo:
            self._fresh.remove(case)
            try:
                self._one_case(world, case, self.opened[case])
            except CaseworkError:
                # Lantern tells them the reason, such as evidence that is newer than their reading
                # because the clock was put back, and they try again later.
                self._fresh.append(case)

    def _one_case(self, world: World, case: int, student: Person) -> None:
        officer, adviser, organiser = (
            staff_name(student.school, role) for role in (OFFICER, ADVISER, ORGANISER)
        )
        world.give_view(case, organiser)
        subject = f"How are things going, {student.given}?"
        body = (
            f"Hello {student.given},\n\nhow are you, and is there anything we can do to help?\n\n"
            f"Officer of {student.school}"
        )
        write_draft.save_draft(world.store, world.by(officer), case, subject, body)
        mail = world.approve(case, adviser)
        self.approved[world.mail_key(mail.id)] = Approved(case, student, subject, student.school)

    def _draw(self) -> int:
        return sum(self.chance.random() < self.cases / 2 for _ in range(2))


def staff_name(code: str, role: str) -> str:
    """Return the part of a colleague's address before the @."""
    return f"{role}.{code.lower()}"


def user_id(code: str, role: str) -> str:
    """Return a colleague's account in Slack."""
    return f"U{code}{role.upper()}"


def channel_of(code: str) -> str:
    """Return a school's channel in Slack."""
    return f"C{code}"


def mailbox_of(code: str) -> str:
    """Return a school's shared mailbox, as its policy names it."""
    return f"{code.lower()}@example.ac.uk"


def _word(number: int) -> str:
    letters = ""
    for _ in range(4):
        number, at = divmod(number, 26)
        letters += chr(97 + at)
    return letters


def _ids(world: World, who: list[Person]) -> dict[str, int]:
    query = sa.select(students.c.number, students.c.id).where(
        students.c.number.in_([each.number for each in who])
    )
    with world.store.database.read() as connection:
        return dict(connection.execute(query).tuples().all())


def _cases_of(world: World, who: list[int]) -> list[tuple[int, int]]:
    query = sa.select(cases.c.id, cases.c.student_id).where(cases.c.student_id.in_(who))
    with world.store.database.read() as connection:
        return list(connection.execute(query).tuples().all())
