"""The audit detects every later change and contains no personal data."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.outreach import receive_reply as answers
from store.audit import AuditEntry, append, verify_chain
from store.db.unit_of_work import Store
from store.queries.audit import audit_lines
from store.rules.access.confidentiality import RevealPurpose
from store.rules.errors import NotAllowed
from store.rules.model import InterventionKind, Outcome
from store.tables import audit, audit_head
from tests.people import BODY, MORNING, REASON, ROSTER, SUBJECT
from tests.store.together import together
from tests.stores import AUDIT_KEY
from tests.world import World

STORY = [
    AuditEntry("staff:1", "take", "case:1", {"previous": None}),
    AuditEntry("staff:2", "view", "case:1", {"opinion": "wait", "again": True}),
    AuditEntry("system:outreach", "sent", "case:1", {"outreach": 7, "note": "señal ✓"}),
    AuditEntry("staff:1", "close", "case:1", {"outcome": "re-engaged"}),
]


def tell(store: Store) -> None:
    """Append the same four entries, each a minute and some microseconds after the last."""
    with store.database.write() as connection:
        for number, entry in enumerate(STORY):
            at = MORNING + dt.timedelta(minutes=number, microseconds=123_457 * number)
            append(connection, AUDIT_KEY, at, [entry])


@contextmanager
def tampering(store: Store) -> Iterator[sa.Connection]:
    """Change the database as a person would who has access to it but not the key."""
    tell(store)
    assert store.verify_audit() is None
    with store.database.write() as connection:
        yield connection


def test_an_untouched_chain_holds(store: Store) -> None:
    assert store.verify_audit() is None, "an empty one too"
    tell(store)
    assert store.verify_audit() is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "staff:9"},
        {"action": "close"},
        {"subject": "case:2"},
        {"details": {"opinion": "contact-now", "again": True}},
        {"details": {"opinion": "wait", "again": 1}},
        {"at": MORNING},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_row_is_found(store: Store, change: dict[str, object]) -> None:
    with tampering(store) as connection:
        connection.execute(sa.update(audit).where(audit.c.seq == 2).values(change))

    broken = store.verify_audit()
    assert broken is not None
    assert (broken.seq, broken.reason) == (2, "this row, or the one before it, was changed")


def test_a_row_taken_out_of_the_middle_is_found(store: Store) -> None:
    with tampering(store) as connection:
        connection.execute(sa.delete(audit).where(audit.c.seq == 2))

    broken = store.verify_audit()
    assert broken is not None
    assert (broken.seq, broken.reason) == (2, "this row is missing")


def test_closing_the_gap_does_not_hide_it(store: Store) -> None:
    with tampering(store) as connection:
        connection.execute(sa.delete(audit).where(audit.c.seq == 2))
        for seq in (3, 4):
            connection.execute(sa.update(audit).where(audit.c.seq == seq).values(seq=seq - 1))
        connection.execute(sa.update(audit_head).values(seq=3))

    broken = store.verify_audit()
    assert broken is not None
    assert broken.seq == 2


def test_rows_taken_off_the_end_are_found(store: Store) -> None:
    with tampering(store) as connection:
        connection.execute(sa.delete(audit).where(audit.c.seq >= 3))

    broken = store.verify_audit()
    assert broken is not None
    assert (broken.seq, broken.reason) == (3, "rows are missing at the end")


def test_swapped_rows_are_found(store: Store) -> None:
    with tampering(store) as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(sa.update(audit).where(audit.c.seq == old).values(seq=new))

    broken = store.verify_audit()
    assert broken is not None
    assert broken.seq == 2


def test_another_key_does_not_open_it(store: Store) -> None:
    tell(store)

    with store.database.read() as connection:
        broken = verify_chain(connection, b"another key")
    assert broken is not None
    assert broken.seq == 1


def test_the_same_story_has_the_same_hash_in_every_database(store: Store) -> None:
    tell(store)

    with store.database.read() as connection:
        head = connection.execute(sa.select(audit_head.c.hash)).scalar_one()
    assert head == "9c9d4439713d374665d16bc32b829eaca1c84cc2f8676920481d7474f9980920"


def test_writers_at_once_make_one_chain_that_readers_find_whole(store: Store) -> None:
    def write() -> None:
        for _ in range(15):
            with store.unit_of_work() as work:
                work.record("system:test", "one", "school:1")
                work.record("system:test", "two", "school:1")

    def read() -> list[object]:
        return [found for _ in range(15) if (found := store.verify_audit())]

    assert together(write, read, write) == [None, [], None]

    assert store.verify_audit() is None
    with store.database.read() as connection:
        assert list(
            connection.execute(sa.select(audit.c.seq).order_by(audit.c.seq)).scalars()
        ) == list(range(1, 61))


def whole_journey(world: World) -> None:
    """Take every action that a case can have, from flag to answer, with one refusal."""
    case = world.open_case()
    with pytest.raises(NotAllowed):
        ownership.take_case(world.store, world.by("charlie"), case)
    ownership.take_case(world.store, world.by("alice"), case)
    ownership.assign_case(world.store, world.by("lena"), case, world.staff("sana"))
    reading.reveal_student(world.store, world.by("sana"), case, RevealPurpose.PREPARE_CONTACT)
    world.approved_mail(case)
    world.send(conversation="dana@students.example.ac.uk/1")
    answers.record_reply(
        world.store,
        message="<message-1@students.example.ac.uk>",
        conversation="dana@students.example.ac.uk/1",
        body="My grandmother is ill",
        received_at=world.clock.now,
    )
    note = "Met Dana about her grandmother"
    discussion.log_intervention(world.store, world.by("sana"), case, InterventionKind.MEETING, note)
    closing.close_case(world.store, world.by("sana"), case, Outcome.MEETING_HELD, note)


def test_whoever_reads_it_sees_names_for_ids_and_where_a_case_came_to_stand(world: World) -> None:
    case = world.open_case()
    ownership.assign_case(world.store, world.by("alice"), case, world.staff("lena"))
    world.give_view(case)

    with world.store.database.read() as connection:
        lines = audit_lines(connection)
        details = {(line.action, name): value for line in lines for name, value in line.details}
    assert details["assign", "owner"] == "Lena Lead"
    assert details["assign", "previous"] == "Sana Support"
    assert details["open", "school"] == "School of Languages"
    assert details["view", "status"] == "discussing"
    assert details["screened", "raised"] == 1, "a number is no id"


def test_nothing_about_a_person_is_in_it(world: World) -> None:
    whole_journey(world)

    entries = world.rows(audit)
    told = {entry["action"] for entry in entries}
    assert told >= {"open", "refused", "take", "assign", "reveal", "view", "draft"}
    assert told >= {"open-draft", "approve", "sent", "answered", "log", "close"}
    written = " ".join(str(value) for entry in entries for value in entry.values()).casefold()
    for secret in personal_words():
        assert secret.casefold() not in written


def personal_words() -> Iterator[str]:
    """Yield every name, number, address and text that the journey uses."""
    for student in ROSTER.students:
        yield from (student.number, student.given_name, student.family_name)
        yield student.university_email.partition("@")[2]
    for person in ROSTER.staff:
        yield from (person.email, *person.name.split())
    yield from (REASON, SUBJECT, "how are you", "grandmother", "No activity", "message-1", "@")
    assert "how are you" in BODY


AUDITED: list[tuple[str, Callable[[World, int], None]]] = [
    ("take", lambda world, case: ownership.take_case(world.store, world.by("alice"), case)),
    ("view", lambda world, case: world.give_view(case)),
    ("see", lambda world, case: void(reading.show_case(world.store, world.by("bob"), case))),
    (
        "reveal",
        lambda world, case: void(
            reading.reveal_student(
                world.store, world.by("lena"), case, RevealPurpose.COMPLAINT_OR_REVIEW
            )
        ),
    ),
]


def void(_: object) -> None:
    """Do nothing, for calls whose result does not matter."""


@pytest.mark.parametrize(("action", "act"), AUDITED, ids=[name for name, _ in AUDITED])
def test_who_did_it_is_recorded(
    world: World, action: str, act: Callable[[World, int], None]
) -> None:
    case = world.open_case()

    act(world, case)

    (entry,) = world.rows(audit, action=action)
    person = {"take": "alice", "view": "bob", "see": "bob", "reveal": "lena"}[action]
    assert entry["actor"] == f"staff:{world.staff(person)}"
    assert entry["subject"] == f"case:{case}"
