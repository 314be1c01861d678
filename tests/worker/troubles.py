"""Scenarios for each kind of trouble: a loop over external things whose first item fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from integrations.mail.interface import Answer, Draft, GoingOut, Mail, unnoted
from store.actions.notices import troubles
from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.troubles import Trouble
from store.actions.outreach import send as sending
from store.queries.schools.staff import Channel
from store.queries.schools.troubles import troubles_now
from store.rules.model import NoticeKind, OutboxKind, Platform, TroubleKind
from store.tables import outbox, outreach
from tests.people import LANGUAGES, finding
from tests.worker.erasures import erase, joins
from tests.worker.fault import Fault
from tests.worker.loops import overdue_students
from tests.worker.mail_service import MailService
from tests.worker.office import Office
from worker import jobs
from worker.jobs import privacy as erasing
from worker.jobs import sweep as sweeping
from worker.jobs.cases import post_cards as case_cards
from worker.jobs.notices import deliver as announce
from worker.jobs.notices import staff_notices as notices_work
from worker.jobs.outreach import drafts_left
from worker.jobs.outreach import receive_replies as replies
from worker.jobs.outreach import send as outreach_work
from worker.jobs.schools import ingest
from worker.jobs.schools import watch_channels as watching
from worker.processes import clock

Check = Callable[[], bool]
Scenario = tuple[Callable[[], object], Check]
"""The function that runs the loop, and whether all items but the first were processed."""


class Inbox(MailService):
    """A mail service that holds answers."""

    inbox: dict[str, list[Answer]]

    def answers(self, mailbox: str) -> list[Answer]:
        return self.inbox.get(mailbox, [])

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        return super().draft(mail, going_out)


def sent_mails(office: Office) -> Inbox:
    inbox = Inbox()
    inbox.inbox = {}
    office.services = replace(office.services, mailer=inbox)
    office.has_approved_mails(2)
    outreach_work.send_due(office.services)
    inbox.inbox["lang@example.ac.uk"] = [
        Answer(f"m{number}", row["conversation"], f"Answer {number}", office.clock.now)
        for number, row in enumerate(office.world.rows(outreach))
    ]
    return inbox


def a_mailbox(office: Office, fault: Fault) -> Scenario:
    inbox = sent_mails(office)
    with office.world.store.unit_of_work() as work:
        one = outreach.c.id == office.world.rows(outreach)[0]["id"]
        work.connection.execute(outreach.update().where(one).values(sender="a@example.ac.uk"))
    fault.at(inbox, "answers", lambda mailbox: mailbox)

    def collect() -> None:
        replies.collect_replies(office.services)

    return collect, lambda: len(office.world.answers()) == 2


def a_message(office: Office, fault: Fault) -> Scenario:
    sent_mails(office)
    fault.at(replies, "record_reply", lambda *_, message, **__: message)
    done = office.world.answers
    return lambda: replies.collect_replies(office.services), lambda: "Answer 1" in done()


def an_email(office: Office, fault: Fault) -> Scenario:
    office.services = replace(office.services, mailer=MailService())
    office.has_approved_mails(3)
    fault.at(sending, "check_before_sending", lambda _store, row: row.id)
    return lambda: outreach_work.send_due(office.services), lambda: sent(office, "mail") >= 2


def a_card(office: Office, fault: Fault) -> Scenario:
    world = office.world
    world.screen(*(finding(world.student(name)) for name in ("dana", "eli")))
    fault.at(case_cards, "put_card", lambda _store, _spaces, _school, subject, *_: subject)
    run = lambda: announce.announce_due(office.services, OutboxKind.CARD)  # noqa: E731
    return run, lambda: len(office.messages()) >= 1


def a_notice(office: Office, fault: Fault) -> Scenario:
    world = office.world
    case = world.open_case()
    for name in ("alice", "lena"):
        with world.store.unit_of_work() as work:
            told = Notice(NoticeKind.ASSIGNED, world.school(), "1", case=case)
            notify_person(work, world.staff(name), told)
    fault.at(notices_work, "post_privately", lambda *args, **_: args[4])
    run = lambda: announce.announce_due(office.services, OutboxKind.NOTICE)  # noqa: E731
    return run, lambda: sent(office, "notice") >= 1


def a_remnant(office: Office, fault: Fault) -> Scenario:
    joins(office, "priya", LANGUAGES)
    office.world.open_case()
    office.works()
    erase(office)
    fault.at(erasing, "_erase", lambda _services, row: row.id)
    return lambda: erasing.erase_due(office.services), lambda: sent(office, "erasure") >= 1


def a_draft(office: Office, fault: Fault) -> Scenario:
    mailer = MailService()
    office.services = replace(office.services, mailer=mailer)
    for key in ("mail:1", "mail:2"):
        named = Trouble(TroubleKind.DRAFT, f"lang@example.ac.uk {key}", "A draft is left.")
        troubles.record_trouble(office.world.store, named)
    office.clock.forward(hours=1)
    fault.at(mailer, "erase", lambda _mailbox, key: key)
    run = lambda: drafts_left.erase_left(office.services)  # noqa: E731
    return run, lambda: "lang@example.ac.uk mail:2" not in keys(office)


def a_file(office: Office, fault: Fault) -> Scenario:
    folder = office.services.settings.home / "feeds" / "moodle"
    folder.mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("student,module,at,kind\n")
    read: list[str] = []

    def reads(_services: object, path: Path, _source: str) -> None:
        read.append(path.name)

    fault.is_instead(ingest, "ingest_events", reads)
    fault.at(ingest, "ingest_events", lambda _services, path, _source: path.name)
    return lambda: ingest.ingest_new_files(office.services), lambda: "b.csv" in read


def a_school(office: Office, fault: Fault) -> Scenario:
    fault.at(clock, "request_digest", lambda _work, school, _day: school)
    return lambda: clock.tick(office.services), lambda: len(rows(office, "digest")) >= 1


def a_case(office: Office, fault: Fault) -> Scenario:
    done: list[int] = []
    fault.is_instead(jobs, "cases_waiting", lambda _store, _school: cases)
    world = office.world
    cases = [world.open_case(name) for name in ("dana", "eli")]
    fault.is_instead(jobs, "prepare_next", lambda _store, case: done.append(case))
    fault.at(jobs, "prepare_next", lambda _store, case: case)
    school = world.school()
    return lambda: jobs.JOBS["follow-up"](office.services, school=school), lambda: cases[1] in done


def a_step(office: Office, fault: Fault) -> Scenario:
    seen: list[str] = []
    fault.is_instead(watching, "watch_channels", lambda _: seen.append("watched"))
    fault.at(replies, "collect_replies", lambda _services: "answers")
    return lambda: sweeping.sweep(office.services), lambda: seen != []


def a_channel_to_watch(office: Office, fault: Fault) -> Scenario:
    channels = [
        Channel(number, office.world.school(), Platform.SLACK, "T1", f"C{number}", "")
        for number in (1, 2)
    ]
    seen: list[int] = []

    class Watch:
        def in_turn(self) -> list[Channel]:
            return channels

        def uncovered(self) -> list[Channel]:
            return []

        def check(self, channel: Channel) -> None:
            seen.append(channel.id)

    watch: Any = Watch()
    fault.at(watch, "check", lambda channel: channel.id)
    run = lambda: watching._look(office.services, watch, Platform.SLACK)  # noqa: E731
    return run, lambda: 2 in seen


def an_overdue_student(office: Office, fault: Fault) -> Scenario:
    run, others_are_done, _ = overdue_students(office, fault)
    return run, others_are_done


LOOPS: dict[TroubleKind, Callable[[Office, Fault], Scenario]] = {
    TroubleKind.MAILBOX: a_mailbox,
    TroubleKind.MESSAGE: a_message,
    TroubleKind.SENDING: an_email,
    TroubleKind.CHANNEL: a_card,
    TroubleKind.COLLEAGUE: a_notice,
    TroubleKind.WATCH: a_channel_to_watch,
    TroubleKind.DRAFT: a_draft,
    TroubleKind.ERASURE: a_remnant,
    TroubleKind.FILE: a_file,
    TroubleKind.SCHOOL: a_school,
    TroubleKind.CASE: a_case,
    TroubleKind.JOB: a_step,
    TroubleKind.RETENTION: an_overdue_student,
}


def rows(office: Office, kind: str) -> list[dict[str, Any]]:
    return office.world.rows(outbox, kind=kind)


def sent(office: Office, kind: str) -> int:
    return sum(row["state"] == "sent" for row in rows(office, kind))


def keys(office: Office) -> list[str]:
    with office.world.store.database.read() as connection:
        return [each.key for each in troubles_now(connection)]
