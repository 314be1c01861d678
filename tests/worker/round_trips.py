"""Counts the database statements of each action, in schools of different sizes.

``python -m tests.worker.round_trips`` prints them, for a small school and for one with ten times
its cases, people and rows.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

import sqlalchemy as sa

from bot.app import create_app
from bot.cards.cases.lists import digest_card
from bot.commands.table import COMMANDS
from bot.interaction import Person
from bot.posting.channel_card import channel_card, own_card
from bot.teams.card_refresh import fresh_card
from store.actions.cases import add_note as notes
from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import log_attempt as attempts
from store.actions.cases import pause as resting
from store.actions.cases import use_welfare_route as emergency
from store.actions.cases.discuss import log_intervention
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.schools.channels import SANDBOX_TENANT
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.db import repository
from store.queries.cases.school_digest import school_digest
from store.queries.readiness.on_case import lacking_approval
from store.rules.access.confidentiality import Readers
from store.rules.model import AttemptResult, InterventionKind, Level, Outcome, Platform, Role, Rung
from store.rules.schools import Roster, StaffEntry, StudentEntry
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import StudentLink
from store.tables import cases, outreach
from tests.bot.every_answer import a_busy_school, lines_of
from tests.bot.test_desk_buttons import as_it_was
from tests.bot.visitor import Visitor
from tests.people import LANGUAGES, finding, policy_document
from tests.worker.office import Office, office_in

Counts = dict[str, int]
"""Action → the number of its statements."""

PEOPLE = ("alice", "lena")
"""An adviser and the engagement lead: together they may do nearly everything."""
STATES = ("open", "viewed", "draft", "approved", "paused", "welfare", "complaint", "closed", "said")
"""The states of the cases in a busy school, each as often as its size says."""
MOST_SAID = 3
"""Messages that Lantern accepts from one student in a short time."""
DANA, ELI = 1, 2
"""The case with entries in every field, and the one with an open draft."""


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """Give the list of statements made in the block, including those that begin a transaction."""
    made: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        made.append(statement)

    engine = office.services.store.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@contextmanager
def school_of(size: int) -> Iterator[Office]:
    """Give a busy school: more colleagues, cases in each state, and rows on Dana's case."""
    with tempfile.TemporaryDirectory() as folder, office_in(Path(folder)) as office:
        a_busy_school(office)
        _colleagues_and_cases(office, size)
        _rows_on_danas(office, size)
        office.works()
        yield office


def _colleagues_and_cases(office: Office, size: int) -> None:
    world = office.world
    world.publish(policy_document(capacity=10_000))
    more = [StaffEntry(f"more{n}@example.ac.uk", f"More {n}", (_ROLE,)) for n in range(size)]
    names = [f"{state}x{chr(ord('a') + n)}".title() for n in range(size) for state in STATES]
    load_roster(world.store, Roster(staff=tuple(more), students=tuple(map(_student, names))))
    who = [world.student(name) for name in ("dana", "eli", *names)]
    again = (finding(world.student("dana"), f"flag {n}") for n in range(size))
    world.screen(*(finding(each) for each in who), *again)
    of = {row["student_id"]: row["id"] for row in world.rows(cases)}
    for name in names:
        _brought_to(office, name.partition("x")[0].lower(), of[world.student(name)], name)


_ROLE = (LANGUAGES, Role.ADVISER)


def _student(name: str) -> StudentEntry:
    return StudentEntry(
        name,
        name,
        "Extra",
        Level.UNDERGRADUATE,
        "R100",
        LANGUAGES,
        university_email=f"{name.lower()}@students.example.ac.uk",
    )


def _brought_to(office: Office, state: str, case: int, name: str) -> None:
    world, store = office.world, office.world.store
    ownership.take_case(store, world.by("alice"), case)
    if state in ("viewed", "draft", "approved"):
        world.give_view(case)
    if state in ("draft", "approved"):
        world.write_draft(case)
    if state == "approved":
        world.approve(case)
    elif state == "paused":
        until = world.today + dt.timedelta(days=8)
        resting.pause_case(store, world.by("alice"), case, until, "Away with the choir")
    elif state == "welfare":
        emergency.use_welfare_route(store, world.by("alice"), case, "She sounded unsafe today")
    elif state == "complaint":
        complaint = Complaint("The email was hurtful")
        complaints.record_complaint(store, world.by("bob"), case, complaint)
    elif state == "closed":
        closing.close_case(store, world.by("lena"), case, Outcome.MEETING_HELD)
    elif state == "said":
        said = Said(world.student(name), Saying.WRONG, "I was in the library")
        record_message(store, said, f"{name} says so")


def _rows_on_danas(office: Office, size: int) -> None:
    world, store = office.world, office.world.store
    for n in range(size):
        notes.add_note(store, world.by("alice"), DANA, f"Met in the corridor {n}", Readers.LEAD)
        call = (InterventionKind.CALL, f"Called her again {n}")
        log_intervention(store, world.by("sana"), DANA, *call)
        rang = (Rung.PHONE, AttemptResult.NO_ANSWER, f"rang {n}")
        attempts.log_attempt(store, world.by("alice"), DANA, *rang)
        if n < MOST_SAID:
            said = Said(world.student("dana"), Saying.WRONG, f"I was in the library {n}")
            record_message(store, said, f"Dana says so {n}")
        emergency.use_welfare_route(store, world.by("alice"), DANA, f"She sounded unsafe {n}")


def walked(size: int) -> Counts:
    """Count all actions in a school of this size: every command, clicked and typed, every card for
    each viewer, and every page."""
    with school_of(size) as office:
        visitor = Visitor(create_app(office.services))
        found: Counts = {}
        with as_it_was(office) as put_back:
            for what, do in chain(_commands(office), _cards(office), _pages(office, visitor)):
                with counted(office) as made:
                    do()
                put_back()
                found[what] = len(made)
        return found


Deeds = Iterator[tuple[str, Callable[[], object]]]


def _commands(office: Office) -> Deeds:
    for command in COMMANDS.rows():
        for name in PEOPLE:
            for case in (DANA, ELI):
                yield (
                    f"{command.name}: {name} clicks on {case}",
                    partial(office.clicks, name, command.name, case=case),
                )
            for line in lines_of(command):
                yield (
                    f"{command.name}: {name} types {line}",
                    partial(office.types, name, line),
                )


def _cards(office: Office) -> Deeds:
    store, limits = office.services.store, office.services.store.limits
    with store.database.read() as connection:
        alice = repository.actor(connection, office.world.staff("alice"))
    who = Person(Platform.SANDBOX, SANDBOX_TENANT, "alice")

    def in_the_channel(case: int) -> None:
        with store.database.read() as connection:
            channel_card(connection, case, store.now(), limits)

    def digest() -> None:
        with store.database.read() as connection:
            view = school_digest(connection, office.world.school(), office.world.today)
            drafted = [line.id for line in view.waiting_for_approval]
            digest_card(view, lacking_approval(connection, drafted, store.now(), limits))

    for case in range(1, len(STATES) + 3):
        yield f"card {case} for all", partial(in_the_channel, case)
        yield f"card {case} for Alice", partial(own_card, store, alice, case)
        yield f"card {case} as Teams refreshes it", partial(fresh_card, store, who, case)
    yield "digest of the school", digest


def _pages(office: Office, visitor: Visitor) -> Deeds:
    def reads(path: str) -> None:
        assert visitor.get(path).status_code == 200, path

    def turns(name: str) -> None:
        visitor.post("/sandbox/person", {"user": name})

    for name in PEOPLE:
        turns(name)
        for page in ("outbox", "student", "audit", "c/lang", f"c/direct:{name}"):
            yield f"page {page} of the sandbox for {name}", partial(reads, f"/sandbox/{page}")
    mail = office.world.rows(outreach, case_id=DANA)[0]["id"]
    for purpose in (LinkPurpose.PAGE, LinkPurpose.DOOR, LinkPurpose.TALK):
        link = StudentLink(mail, purpose)
        token = office.services.store.links.sign(link, office.clock() + dt.timedelta(days=3))
        yield f"page of the student: {purpose}", partial(reads, f"/student/{token}")


def main() -> None:
    """Print the counts for both schools, highest first, and which of them grow."""
    few, many = walked(1), walked(10)
    for what, number in sorted(few.items(), key=lambda each: (-each[1], each[0])):
        grows = "  GROWS" if many[what] > number else ""
        print(f"{number:4} {many[what]:4}  {what}{grows}")


if __name__ == "__main__":
    main()
