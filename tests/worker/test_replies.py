"""Students' answers reach their cases, each once, and none holds up another."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from integrations.mail.interface import Answer, MailError
from store.rules.model import CaseStatus
from store.tables import audit, outreach, replies
from tests.people import LANGUAGES, MORNING, policy_document
from tests.worker.mail_service import MailService
from tests.worker.office import Office, office_in
from worker.jobs.outreach.receive_replies import CUT, LONGEST, NO_WORDS, collect_replies
from worker.jobs.outreach.send import send_due

BROKEN = dt.datetime(2025, 10, 22, 9, 30)  # noqa: DTZ001 -- an instant that cannot be kept


@dataclass
class Inbox(MailService):
    """A mail service in which answers, or unreadable messages, have arrived."""

    inbox: dict[str, list[Answer]] = field(default_factory=dict)

    def answers(self, mailbox: str) -> list[Answer]:
        if mailbox not in self.inbox:
            raise MailError("the mailbox is locked")
        return self.inbox[mailbox]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def office(tmp_path: Path, migrated_database_url: str, inbox: Inbox) -> Iterator[Office]:
    """Give an office with two sent emails, whose answers are on their way."""
    with office_in(tmp_path, migrated_database_url) as made:
        made.services = replace(made.services, mailer=inbox)
        made.has_approved_mails(2)
        send_due(made.services)
        yield made


def answer(office: Office, number: int, body: str, at: dt.datetime = MORNING) -> Answer:
    """Return an answer to one of the two emails."""
    row = office.world.rows(outreach)[number]
    return Answer(f"<{number}-{len(body)}@students>", row["conversation"], body, at)


def test_an_answer_is_recorded_once_however_often_the_mailbox_is_read(
    office: Office, inbox: Inbox
) -> None:
    stranger = Answer("<other@elsewhere>", "<no conversation of ours>", "Buy now", MORNING)
    inbox.inbox["lang@example.ac.uk"] = [stranger, answer(office, 0, "I was moving house")]

    for _ in range(3):
        collect_replies(office.services)

    (reply,) = office.world.rows(replies)
    assert office.world.answers() == ["I was moving house"]
    assert "moving" not in str(office.world.dump()["replies"])
    assert office.world.case(reply["case_id"]).status is CaseStatus.RESPONDED


def test_an_answer_that_cannot_be_kept_does_not_keep_back_those_after_it(
    office: Office, inbox: Inbox
) -> None:
    first = answer(office, 0, "Something is odd about when I wrote", BROKEN)
    inbox.inbox["lang@example.ac.uk"] = [first, answer(office, 1, "I am\0 fine")]

    with capture_logs() as logged:
        collect_replies(office.services)

    assert office.world.answers() == ["I am fine"]
    (line,) = logged
    assert line["event"] == "answer not recorded"
    assert "odd" not in repr(logged)


def test_a_mailbox_that_cannot_be_read_does_not_keep_back_the_others(
    office: Office, inbox: Inbox
) -> None:
    inbox.inbox["lang@example.ac.uk"] = [answer(office, 1, "I am fine")]
    with office.world.store.unit_of_work() as work:
        locked = sa.update(outreach).where(outreach.c.id == office.world.rows(outreach)[0]["id"])
        work.connection.execute(locked.values(sender="a-locked-one@example.ac.uk"))

    with capture_logs() as logged:
        collect_replies(office.services)

    assert office.world.answers() == ["I am fine"]
    assert [line["event"] for line in logged] == ["mailbox not read"]
    assert "@" not in repr(logged)


def test_an_answer_that_a_rule_of_the_mailbox_copies_is_one_answer(
    office: Office, inbox: Inbox
) -> None:
    first = answer(office, 0, "I was moving house")
    copied = replace(first, message="<the copy>", received_at=MORNING + dt.timedelta(seconds=2))
    other_case = replace(answer(office, 1, "I was moving house"), message="<another student's>")
    later = replace(first, message="<again>", received_at=MORNING + dt.timedelta(hours=3))
    inbox.inbox["lang@example.ac.uk"] = [first, copied, other_case, later]
    office.clock.forward(hours=5)
    collect_replies(office.services)

    assert [each for each in office.world.answers() if each] == ["I was moving house"] * 3
    assert len(office.world.rows(audit, action="answered")) == 3
    # An erasure finds the copy in the mailbox, too.
    assert {row["message_id"] for row in office.world.rows(replies)} >= {"<the copy>"}


def test_answers_in_a_renamed_mailbox_are_read_before_an_email_leaves_it(
    office: Office, inbox: Inbox
) -> None:
    document = policy_document(LANGUAGES, capacity=10_000)
    assert "lang@example.ac.uk" in document
    office.world.publish(document.replace("lang@example.ac.uk", "languages@example.ac.uk"))
    inbox.inbox["lang@example.ac.uk"] = [answer(office, 0, "To the old address")]
    inbox.inbox["languages@example.ac.uk"] = [answer(office, 1, "To the new one")]

    for _ in range(2):
        collect_replies(office.services)

    assert office.world.answers() == ["To the old address", "To the new one"]


def test_without_words_or_without_an_end_it_is_said_where_the_rest_is(
    office: Office, inbox: Inbox
) -> None:
    inbox.inbox["lang@example.ac.uk"] = [
        answer(office, 0, " \n"),
        answer(office, 1, "x" * 3_000_000),
    ]

    collect_replies(office.services)

    wordless, endless = office.world.answers()
    assert wordless == NO_WORDS
    assert endless == "x" * LONGEST + CUT


def test_mail_that_matches_nobody_is_left_alone_and_not_logged(
    office: Office, inbox: Inbox
) -> None:
    stranger = Answer("<secret@elsewhere>", "<no conversation of ours>", "Private", MORNING)
    inbox.inbox["lang@example.ac.uk"] = [stranger]

    with capture_logs() as logged:
        collect_replies(office.services)

    assert (logged, office.world.rows(replies)) == ([], [])


def test_a_message_that_makes_no_sense_does_not_end_the_round(
    office: Office, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def senseless(mailbox: str) -> list[Answer]:
        raise KeyError(f"receivedDateTime of {mailbox}")

    monkeypatch.setattr(inbox, "answers", senseless)
    with capture_logs() as logged:
        collect_replies(office.services)

    assert [line["event"] for line in logged] == ["mailbox not read"]
    assert "@" not in repr(logged)
