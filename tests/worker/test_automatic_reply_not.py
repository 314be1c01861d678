"""Cases in which no automatic reply is sent."""

from __future__ import annotations

import pytest

from integrations.mail import eml
from integrations.mail.interface import MailError
from store.actions.privacy.external_copies import remains
from store.actions.students.record_message import record_message
from store.actions.students.report_death import report_death
from store.db.dependents import reach
from store.rules.model import AnswerKind
from store.rules.students.messages import Said, Saying
from store.tables import automatic_replies, replies, students
from tests.people import LANGUAGES, policy_document
from tests.worker.night_office import BOX, CALM, DANGER, URGENT, arrives, came, office, text_of
from tests.worker.office import Office
from worker.jobs.sweep import sweep

__all__ = ["office"]

MACHINES: tuple[dict[str, str], ...] = (
    {"Auto_Submitted": "auto-replied"},
    {"X_Auto_Response_Suppress": "All"},
    {"Return_Path": "<>", "Subject": "Undeliverable: How are things going?"},
    {"Subject": "Automatic reply: How are things going?"},
    {"Precedence": "bulk"},
    {"Subject": "Read: How are things going?"},
    {"From": "noreply@students.example.ac.uk"},
    {"From": ""},
    {"From": "mira@students.example.ac.uk"},
)
"""Senders that are machines. The last is another student's address, not a machine's."""


def test_no_machine_and_no_other_student_gets_one(office: Office) -> None:
    for headers in MACHINES:
        arrives(office, DANGER, **headers)
        assert office.world.rows(automatic_replies) == [], headers
    assert len(office.world.rows(replies)) == len(MACHINES)
    assert came(office) == []


def test_an_answer_that_is_read_days_later_gets_none(office: Office) -> None:
    came_at = office.clock.now
    office.clock.forward(days=3)
    arrives(office, DANGER, Date=f"{came_at:%a, %d %b %Y %H:%M:%S +0000}")
    assert office.world.rows(automatic_replies) == []
    assert len(office.world.rows(replies)) == 1


def test_two_installations_do_not_write_to_each_other_for_ever(office: Office) -> None:
    arrives(office, CALM)
    (reply,) = came(office)
    assert eml.read_email(reply.as_bytes()).kind is AnswerKind.AUTOMATIC


def died(office: Office) -> None:
    report_death(office.world.store, office.world.by("bob"), 1, "The family called this evening")


def opts_out(office: Office) -> None:
    record_message(office.world.store, Said(office.world.student("dana"), Saying.OPT_OUT), "out")


def stops(office: Office) -> None:
    office.types("lena", "stop-mail The wrong letter went out this morning")


def turned_off(office: Office) -> None:
    off = f"{URGENT}automatic_reply = false\n"
    office.world.publish(policy_document(LANGUAGES) + off)


def no_contact(office: Office) -> None:
    office.world.publish(policy_document(LANGUAGES))


STOPS = pytest.mark.parametrize("stopped", [died, opts_out, stops, turned_off, no_contact])


@STOPS
def test_it_is_not_sent_where_the_policy_says_so(office: Office, stopped: object) -> None:
    assert callable(stopped)
    stopped(office)
    office.clock.forward(minutes=1)
    arrives(office, DANGER)
    assert came(office) == []
    assert office.world.rows(automatic_replies) == []


@pytest.mark.parametrize("stopped", [died, opts_out, stops])
def test_what_changes_before_it_leaves_stops_it(office: Office, stopped: object) -> None:
    services, office.services.mailer.send = office.services, _refuse  # type: ignore[method-assign]
    arrives(office, CALM)
    del services.mailer.send
    assert callable(stopped)
    stopped(office)
    office.clock.forward(minutes=5)
    sweep(services)
    office.works()
    assert came(office) == []
    (row,) = office.world.rows(automatic_replies)
    assert row["not_sent"]
    assert not list((services.settings.home / "mail" / BOX / "drafts").glob("*.eml"))


def _refuse(*_args: object, **_more: object) -> None:
    raise MailError("The mail service is away.", away=True, waits=True)


def test_a_complaint_does_not_stop_it_and_its_subject_is_not_named(office: Office) -> None:
    office.types("bob", "complaint LANG-1 sana The student says the email was unkind to them")
    arrives(office, CALM)
    assert "Lena Lead" in text_of(office)


def test_an_erasure_reaches_it(office: Office) -> None:
    arrives(office, CALM)
    (reply,) = came(office)
    with office.world.store.database.read() as connection:
        student = office.world.student("dana")
        reached = reach(connection, students, [student])
        found = remains(connection, reached, [], office.world.today)
    assert reply["X-Lantern-Key"] in [each.message for each in found]
