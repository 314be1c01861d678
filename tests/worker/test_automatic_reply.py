"""A student who answers at night hears at once who reads it, and whom to call until then (§25)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from unittest.mock import patch

import pytest

from integrations.mail import eml
from integrations.mail.folder import FolderMailer
from integrations.mail.graph.messages import draft_body
from integrations.mail.interface import Mail, MailError
from store.actions.privacy.external_copies import remains
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.actions.students.record_message import record_message
from store.actions.students.report_death import report_death
from store.db.dependents import reach
from store.policies.document import parse
from store.rules.model import AnswerKind, OutboxKind
from store.rules.policies.diff import policy_differences
from store.rules.students.messages import Said, Saying
from store.tables import audit, automatic_replies, outbox, replies, students
from store.tables import outreach as mails
from tests.people import LANGUAGES, policy_document
from tests.worker.office import Office, office_in, words
from worker.jobs.outreach.send import send_due
from worker.jobs.sweep import sweep

CONTACT = "Security on 020 7946 0000"
URGENT = f'\n[urgent]\nout_of_hours = "{CONTACT}"\nlistening = "Nightline on 020 7946 0001"\n'
NIGHT = dt.datetime(2025, 10, 22, 21, 0, tzinfo=dt.UTC)
DAY = dt.datetime(2025, 10, 23, 10, 0, tzinfo=dt.UTC)
CALM, DANGER = "Thanks, all is well.", "I cannot go on."
DANA, BOX = "dana@students.example.ac.uk", "lang@example.ac.uk"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An email has left to Dana in the morning; now it is ten at night. Sana is the owner."""
    with office_in(tmp_path) as made:
        made.world.publish(policy_document(LANGUAGES) + URGENT)
        made.world.approved_mail(made.world.open_case())
        made.works()
        made.clock.now = NIGHT
        yield made


def arrives(office: Office, text: str, sender: str = DANA, **headers: str) -> None:
    """An email that answers the newest one that left, as a file in the school's mailbox."""
    box = office.services.settings.home / "mail" / BOX
    newest = max((box / "sent").glob("*.eml"), key=lambda each: each.stat().st_mtime)
    message, ours = EmailMessage(), message_from_bytes(newest.read_bytes())["Message-ID"]
    number = len(list((box / "inbox").glob("*.eml"))) if (box / "inbox").exists() else 0
    named = {"From": sender, "To": BOX, "Subject": "Re: How are things going?"}
    named |= {"Message-ID": f"<answer-{number}@students.example.ac.uk>", "In-Reply-To": ours}
    named |= {"Date": f"{office.clock.now:%a, %d %b %Y %H:%M:%S +0000}"}
    for name, value in (named | headers).items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    (box / "inbox").mkdir(exist_ok=True)
    (box / "inbox" / f"{number}.eml").write_bytes(message.as_bytes())
    sweep(office.services)
    office.works()


def came(office: Office) -> list[EmailMessage]:
    """The automatic replies that left, as they are in the mailbox."""
    sent = (office.services.settings.home / "mail" / BOX / "sent").glob("*.eml")
    found = [message_from_bytes(each.read_bytes()) for each in sorted(sent)]
    return [each for each in found if each["Auto-Submitted"]]  # type: ignore[misc]


def test_where_it_is_unknown_whether_it_left_it_is_looked_for_and_never_sent_again(
    office: Office,
) -> None:
    lost = MailError("no answer", unknown=True)
    with patch.object(FolderMailer, "send", side_effect=lost):
        arrives(office, CALM)
    with patch.object(FolderMailer, "look", side_effect=MailError("there is a conflict")):
        waits(office, 40)
    assert said(office) == "there is a conflict"

    waits(office, 20)

    assert came(office) == []
    assert "it was not known whether it had been sent" in said(office)
    drafts = office.services.settings.home / "mail" / BOX / "drafts"
    assert list(drafts.iterdir()) == []


def waits(office: Office, minutes: int) -> None:
    """The worker looks every minute for so long."""
    for _ in range(minutes):
        send_due(office.services, OutboxKind.AUTOMATIC_REPLY)
        office.clock.forward(minutes=1)


def said(office: Office) -> str:
    """Why the reply did not leave."""
    (reply,) = office.world.rows(automatic_replies)
    return str(reply["not_sent"])


def text_of(office: Office) -> str:
    (reply,) = came(office)
    return eml.read_email(reply.as_bytes()).body


def test_it_names_the_contacts_and_the_reader_and_promises_nothing_for_today(
    office: Office,
) -> None:
    arrives(office, CALM)
    (reply,) = came(office)
    assert (reply["To"], reply["Auto-Submitted"]) == (DANA, "auto-replied")
    assert reply["X-Auto-Response-Suppress"] == "All"
    assert reply["In-Reply-To"] == "<answer-0@students.example.ac.uk>"
    said = text_of(office)
    for part in ("automatic reply", CONTACT, "999", "Nightline", "Sana Support"):
        assert part in said, part
    assert "next open on Thursday 23 October from 08:00" in said
    for never in ("today", "tonight", "urgent", "risk", "engagement", "Dana"):
        assert never not in said.casefold().replace("dana", "Dana"), never
    shown = words(office.clicks("sana", "show", case=1).dialog)
    assert "An automatic reply was sent" in shown
    assert "automatic-reply-sent" in [row["action"] for row in office.world.rows(audit)]


def test_the_same_words_whatever_the_answer_says(office: Office, tmp_path: Path) -> None:
    arrives(office, DANGER)
    with office_in(tmp_path / "other") as other:
        other.world.publish(policy_document(LANGUAGES) + URGENT)
        other.world.approved_mail(other.world.open_case())
        other.works()
        other.clock.now = NIGHT
        arrives(other, CALM)
        assert text_of(other) == text_of(office)


def test_in_working_hours_only_what_cannot_wait_gets_one(office: Office) -> None:
    office.clock.now = DAY
    arrives(office, CALM)
    assert came(office) == []
    arrives(office, DANGER)
    assert "Our offices are next open" not in text_of(office)


def test_one_a_day_and_another_on_the_next(office: Office) -> None:
    for text in (CALM, DANGER, DANGER):
        arrives(office, text)
    assert len(came(office)) == 1
    office.clock.now += dt.timedelta(days=1)
    arrives(office, CALM)
    assert len(came(office)) == 2
    kept = {row["kind"] for row in office.world.rows(replies)}
    assert (kept, len(office.world.rows(replies))) == ({AnswerKind.ANSWER}, 4), (
        "what answers the automatic reply is an answer on the case"
    )


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
    {"Date": "Sun, 19 Oct 2025 21:00:00 +0000"},
)
"""The last two are no machine's: another student's address, and read days later."""


def test_no_machine_and_no_other_student_gets_one(office: Office) -> None:
    for headers in MACHINES:
        arrives(office, DANGER, **headers)
        assert office.world.rows(automatic_replies) == [], headers
    assert len(office.world.rows(replies)) == len(MACHINES)
    assert came(office) == []


def test_two_installations_do_not_write_to_each_other_for_ever(office: Office) -> None:
    arrives(office, CALM)
    (reply,) = came(office)
    assert eml.read_email(reply.as_bytes()).kind is AnswerKind.AUTOMATIC


def test_from_elsewhere_it_goes_to_the_address_that_was_written_to(office: Office) -> None:
    arrives(office, CALM, sender="someone@elsewhere.example.org")
    assert [each["To"] for each in came(office)] == [DANA]


def test_the_colleague_who_covers_on_that_day_is_named(office: Office) -> None:
    world = office.world
    absence = Absence(world.staff("sana"), world.staff("alice"), DAY.date(), DAY.date())
    arrange_cover(world.store, world.by("lena"), world.school(LANGUAGES), absence)
    arrives(office, CALM)
    assert "Alice Adviser" in text_of(office)


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


def test_graph_gets_it_with_the_mark_and_the_thread() -> None:
    mail = Mail("key", BOX, "School", DANA, "Hello", "Hello", answers=("<a@b>",), is_automatic=True)
    made = draft_body(mail)
    values = {
        each["id"].split()[-1]: each["value"] for each in made["singleValueExtendedProperties"]
    }
    assert values["Auto-Submitted"] == "auto-replied"
    assert values["0x1042"] == values["0x1039"] == "<a@b>"
    assert made["internetMessageHeaders"] == [{"name": "X-Auto-Response-Suppress", "value": "All"}]


def test_the_policy_says_so_and_shows_the_change() -> None:
    on = parse(policy_document(LANGUAGES) + URGENT, "on.toml")
    off = parse(f"{policy_document(LANGUAGES)}{URGENT}automatic_reply = false\n", "off.toml")
    assert [each for each in policy_differences(on, off) if "automatic_reply" in each] == [
        "urgent.automatic_reply was true; it becomes false."
    ]
    assert on.urgent.replies_at_once
    assert not off.urgent.replies_at_once


def test_it_leaves_once_though_a_worker_dies_right_after_sending(office: Office) -> None:
    real = office.services.mailer.send

    def dies(*args: object, **more: object) -> None:
        real(*args, **more)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    office.services.mailer.send = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        arrives(office, CALM)
    del office.services.mailer.send
    for _ in range(3):
        office.clock.forward(minutes=3)
        sweep(office.services)
        office.works()
    assert len(came(office)) == 1
    (row,) = office.world.rows(outbox, kind="automatic-reply")
    assert row["state"] == "sent"
    assert len(office.world.rows(mails)) == 1
    send_due(office.services)
