"""Words about a student are sealed by a key of their own, which can be replaced and destroyed."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import sqlalchemy as sa

from store.actions.cases.add_note import add_note
from store.actions.cases.close import close_case
from store.actions.cases.discuss import log_intervention
from store.actions.cases.log_access import reveal_student
from store.actions.cases.log_attempt import log_attempt
from store.actions.cases.thread_context import follow_edit, remark
from store.actions.cases.use_welfare_route import review_welfare_route, use_welfare_route
from store.actions.complaints.handle import Complaint, record_complaint, resolve_complaint
from store.actions.complaints.read_evidence import export_evidence
from store.actions.outreach.receive_reply import record_reply
from store.actions.privacy.erase import ErasureRequest, secure, take_away
from store.actions.privacy.seal_words import (
    NOTES,
    WORDS,
    renew_keys,
    seal_with_newest,
    seal_words,
    sealing,
)
from store.actions.students.adjust import Adjustment, adjust_student
from store.actions.students.record_message import record_message
from store.actions.students.request_absence import request_absence
from store.db.student_keys import BEGUN, DESTROYED, key_of, open_words, use_seal
from store.encryption import Encryption
from store.queries.privacy.held import held_on
from store.rules.access.confidentiality import Readers, RevealPurpose
from store.rules.model import (
    AttemptResult,
    InterventionKind,
    MarkerFamily,
    Outcome,
    Platform,
    Rung,
)
from store.rules.students.absences import AbsenceAsked, Document, DocumentKind
from store.rules.students.messages import ContactWay, Said, Saying
from store.tables import (
    alerts,
    attempts,
    automatic_replies,
    data_letters,
    data_questions,
    data_requests,
    fitness,
    harm_marks,
    outreach,
    referrals,
    revisions,
    sayings,
    student_keys,
    students,
    views,
)
from tests.world import World

WORD = "kingfisher"
SEALED_PLACES = 26
"""Texts about Dana that ``much_is_said`` leaves in the database, at least."""
UNTOLD = {
    referrals.c.note,
    outreach.c.footer,
    fitness.c.why,
    fitness.c.summary,
    alerts.c.why,
    sayings.c.answer,
    automatic_replies.c.subject,
    automatic_replies.c.body,
    # tests/worker/test_data_requests.py writes into these, and looks for them in the clear.
    *(data_requests.c[name] for name in ("words", "extended_why", "answer")),
    data_questions.c.words,
    data_questions.c.answer,
    data_letters.c.body,
    harm_marks.c.why,
    harm_marks.c.decision,
}
"""Columns that ``much_is_said`` writes nothing into."""


def much_is_said(world: World) -> int:
    """Have all kinds of words written about Dana, each with the same rare word."""
    store, dana, day, at = world.store, world.student("dana"), world.today, world.clock.now
    case = world.writes_to_dana()
    alice, bob = world.by("alice"), world.by("bob")
    log_intervention(store, world.by("sana"), case, InterventionKind.CALL, f"Told of a {WORD}")
    add_note(store, alice, case, f"A {WORD}, in confidence", Readers.LEAD)
    no_answer = (Rung.PHONE, AttemptResult.NO_ANSWER, f"Rang about the {WORD}")
    log_attempt(store, world.by("alice"), case, *no_answer)
    assert remark(store, Platform.SLACK, "1.0", world.staff("bob"), case, "What?", at)
    assert follow_edit(store, Platform.SLACK, "1.0", f"That {WORD} again")
    said = f"I saw a {WORD}."
    where = "conversation-1"
    assert record_reply(store, message="m1", conversation=where, body=said, received_at=at)
    record_message(store, Said(dana, Saying.WRONG, f"I watched a {WORD}"), "said 1")
    contact = Said(dana, Saying.CONTACT_BY, f"By {WORD}", way=ContactWay.PHONE)
    record_message(store, contact, "said 2")
    document = Document(DocumentKind.PDF, f"%PDF {WORD}".encode() + PICTURE)
    last = day + dt.timedelta(days=2)
    request_absence(store, AbsenceAsked(dana, day, last, f"Ill: {WORD}", document), "absence 1")
    wanted = Adjustment(MarkerFamily.ATTENDANCE, day, last, f"Allergic to the {WORD} of her hall")
    adjust_student(store, world.by("lena"), case, wanted)
    use_welfare_route(store, world.by("alice"), case, f"She climbed after a {WORD}")
    review_welfare_route(store, world.by("lena"), case, f"The {WORD} was a good reason")
    reveal_student(store, world.by("alice"), case, RevealPurpose.OTHER, f"Asked about the {WORD}")
    record_complaint(store, bob, case, Complaint(f"The email about the {WORD} was hurtful"))
    resolve_complaint(store, world.by("lena"), case, f"We spoke about the {WORD}")
    close_case(store, world.by("lena"), case, Outcome.MEETING_HELD, f"Met at the {WORD}")
    return case


def of_the_view(world: World) -> str:
    """Return the stored text of the first view."""
    with world.store.database.read() as connection:
        return str(connection.execute(sa.select(views.c.reason).limit(1)).scalar_one())


def all_is_read(world: World, case: int) -> None:
    """Check that the words can be read: in the copy for the student, and in a complaint."""
    with world.store.database.read() as connection:
        held = held_on(connection, world.student("dana"))
    said = json.dumps(held.tables, default=str)
    assert said.count(WORD) >= SEALED_PLACES - 1, said
    assert "key:" not in said
    evidence = export_evidence(world.store, world.staff("lena"), case)
    assert evidence.is_intact
    assert WORD in evidence.text


def sealing_of(world: World) -> tuple[bool, int, int]:
    with world.store.database.read() as connection:
        found = sealing(connection)
    return found.begun, found.left, found.retired


@pytest.fixture
def case(world: World) -> int:
    return much_is_said(world)


PICTURE = b"\xff\xd8\xff"
"""Bytes that are no text, as in any photograph."""


def test_no_words_about_a_student_are_in_the_clear(world: World, case: int) -> None:
    dump = world.dump()
    assert [name for name, rows in dump.items() if WORD in json.dumps(rows, default=str)] == []
    for column in (*NOTES, *WORDS):
        values = [row[column.name] for row in dump[column.table.name] if row[column.name]]
        assert all(value.startswith("key:") for value in values), column
        assert values or column in UNTOLD, f"nothing is written in {column}"
    everything = json.dumps(dump, default=str)
    assert len(re.findall(r"key:\d+:gAAAA", everything)) >= SEALED_PLACES
    assert sealing_of(world) == (True, 0, 0)
    all_is_read(world, case)


def before_the_upgrade(world: World) -> None:
    """Have words written as the version before does, which runs beside this one."""
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.delete(revisions).where(revisions.c.name == BEGUN))


def test_the_version_before_reads_all_until_a_command_seals_it(world: World) -> None:
    before_the_upgrade(world)
    case = much_is_said(world)
    assert world.rows(student_keys) == []
    assert of_the_view(world).startswith("Dana told")
    begun, left, _ = sealing_of(world)
    assert not begun
    all_is_read(world, case)

    assert seal_words(world.store) == left >= SEALED_PLACES
    assert sealing_of(world) == (True, 0, 0)
    assert of_the_view(world).startswith("key:")
    all_is_read(world, case)
    assert seal_words(world.store) == 0
    assert world.store.verify_audit() is None


def test_a_new_encryption_key_seals_the_keys_and_the_old_one_can_go(
    world: World, case: int
) -> None:
    store = world.store
    new = Encryption("a newer key for tests")
    both = Encryption("a newer key for tests", "another key for tests")
    store.seal = both
    use_seal(store.database.engine, both)
    assert seal_with_newest(store) == 1
    store.seal = new
    use_seal(store.database.engine, new)
    all_is_read(world, case)


def test_a_student_gets_a_new_key_and_the_old_one_is_destroyed(world: World, case: int) -> None:
    assert renew_keys(world.store) == 1
    assert sealing_of(world) == (True, 0, 1)
    (before,) = world.rows(student_keys, retired_at=None)
    world.clock.forward(hours=2)
    seal_words(world.store)
    assert [row["number"] for row in world.rows(student_keys)] == [before["number"]]
    all_is_read(world, case)


@pytest.mark.usefixtures("case")
def test_words_of_a_transaction_that_began_with_the_old_key_are_not_lost(world: World) -> None:
    with world.store.unit_of_work() as work:
        key = key_of(work.connection, world.student("dana"))
    renew_keys(world.store)
    assert key is not None
    late = key.close("Late words")
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(attempts).values(note=late))
    world.clock.forward(hours=2)
    assert seal_words(world.store) == 1
    (row,) = world.rows(attempts)
    assert row["note"] == "Late words"
    assert len(world.rows(student_keys)) == 1


@pytest.mark.usefixtures("case")
def test_erasure_destroys_the_key_and_what_was_sealed_cannot_be_read(world: World) -> None:
    dana, words = world.student("dana"), of_the_view(world)
    with world.store.unit_of_work() as work:
        assert WORD not in words
        secure(work, students, [dana])
        asked = ErasureRequest(world.school(), dana, None, "asked for")
        take_away(work, students, [dana], asked)
    assert world.rows(student_keys) == []
    with world.store.database.read() as connection:
        assert open_words(connection, words) == DESTROYED
