"""Every loop over external things: if one item fails, all others are still processed.

Each kind of trouble is one loop. In each, the first item fails with an unforeseen error and the
others are processed. The failure is recorded without personal data, and the item is processed once
it can be.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.queries.schools.troubles import troubles_now
from store.rules.model import AnswerKind, NoticeKind, TroubleKind
from store.tables import notices, outreach
from tests.worker.fault import Fault
from tests.worker.mail_service import MailService
from tests.worker.office import Office
from tests.worker.troubles import LOOPS, a_case, keys, sent_mails
from worker import jobs
from worker.jobs import sweep as sweeping
from worker.jobs.outreach import drafts_left
from worker.jobs.outreach import receive_replies as replies
from worker.jobs.outreach import send as outreach_work


def test_what_failed_on_a_case_is_over_once_the_case_is_no_longer_to_be_done(
    office: Office, fault: Fault
) -> None:
    """The student answered, so no email is due any more."""
    run, _ = a_case(office, fault)
    run()
    assert [key for key in keys(office) if key.startswith("follow-up:")]

    fault.is_on = False
    fault.is_instead(jobs, "cases_waiting", lambda _store, _school: [])
    jobs.JOBS["follow-up"](office.services, school=office.world.school("MATH"))
    assert [key for key in keys(office) if key.startswith("follow-up:")], "another school's"
    run()
    assert [key for key in keys(office) if key.startswith("follow-up:")] == []


def test_every_kind_of_trouble_is_walked() -> None:
    assert set(LOOPS) == set(TroubleKind)


@pytest.mark.parametrize("kind", TroubleKind)
def test_one_that_fails_keeps_back_no_other_and_is_noted(
    office: Office, fault: Fault, kind: TroubleKind
) -> None:
    run, others_are_done = LOOPS[kind](office, fault)

    run()

    assert others_are_done() or kind is TroubleKind.MAILBOX
    with office.world.store.database.read() as connection:
        noted = [each for each in troubles_now(connection) if each.kind is kind]
    assert noted, "nobody would ever hear of it"
    for each in noted:
        assert "ValueError" in each.reason
        assert "Dana" not in each.reason

    fault.is_on = False
    for _ in range(3):
        office.clock.forward(minutes=20)
        run()
    assert others_are_done()
    with office.world.store.database.read() as connection:
        assert [each for each in troubles_now(connection) if each.kind is kind] == []


def test_what_stays_is_told_to_the_lead_once_and_stands_in_their_week(office: Office) -> None:
    store, school = office.world.store, office.world.school()
    named = Trouble(TroubleKind.MAILBOX, "lang@example.ac.uk", "It cannot be read.", school)
    for _ in range(6):
        troubles.record_trouble(store, named)
        office.clock.forward(minutes=5)

    told = office.world.rows(notices, kind=NoticeKind.TROUBLE)
    assert [row["staff_id"] for row in told] == [office.world.staff("lena")]
    office.works()
    (message,) = office.messages("direct:lena")
    assert "It cannot be read." in str(message.payload)
    assert troubles.over(store, TroubleKind.MAILBOX, "lang@example.ac.uk")


def test_an_answer_that_is_too_large_is_told_with_what_to_do_and_holds_back_no_other(
    office: Office,
) -> None:
    office.has_approved_mails(2)
    outreach_work.send_due(office.services)
    mailbox = office.services.settings.home / "mail" / "lang@example.ac.uk"
    (mailbox / "inbox").mkdir()
    first, second = sorted((mailbox / "sent").glob("*.eml"))
    for sent, words in ((first, "x" * 40_000_000), (second, "I was ill")):
        answers = f"In-Reply-To: <{sent.stem}@lantern.invalid>\n\n{words}"
        (mailbox / "inbox" / sent.name).write_text(answers)
    for _ in range(6):
        sweeping.sweep(office.services)
        office.works()
        office.clock.forward(minutes=16)

    assert office.world.answers() == ["I was ill"]
    told = office.shown("direct:lena")
    assert "too large" in told
    assert "Read it in the school" in told


def test_a_draft_that_stays_is_told_with_what_to_do(office: Office, fault: Fault) -> None:
    mailer = MailService()
    office.services = replace(office.services, mailer=mailer)
    school = office.world.school()
    named = Trouble(TroubleKind.DRAFT, "lang@example.ac.uk mail:1", "A draft is left.", school)
    troubles.record_trouble(office.world.store, named)
    fault.at(mailer, "erase", lambda _mailbox, key: key)
    for _ in range(6):
        office.clock.forward(minutes=16)
        drafts_left.erase_left(office.services)
        office.works()

    assert "Delete it there" in office.shown("direct:lena")


def test_an_answer_that_cannot_be_read_stands_on_its_case_and_holds_the_next_email(
    office: Office,
) -> None:
    inbox = sent_mails(office)
    first = inbox.inbox["lang@example.ac.uk"][0]
    unread = replace(first, body="", kind=AnswerKind.ANSWER, unread="It is damaged.")
    inbox.inbox["lang@example.ac.uk"] = [unread]
    case = office.world.rows(outreach)[0]["case_id"]
    for _ in range(4):
        replies.collect_replies(office.services)
        office.clock.forward(minutes=15)

    office.works()
    assert "Read it in the school" in office.shown()
    assert office.world.answers() == []
    inbox.inbox["lang@example.ac.uk"] = [first]
    office.clock.forward(hours=7)
    replies.collect_replies(office.services)
    office.works()
    assert office.world.answers() == ["Answer 0"]
    assert case == office.world.rows(outreach)[0]["case_id"]
    assert "Read it in the school" not in office.shown()
