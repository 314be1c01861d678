"""An office at night: a student's answer arrives, and an automatic reply is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest

from integrations.mail import eml
from store.rules.model import OutboxKind
from store.tables import automatic_replies
from tests.people import LANGUAGES, policy_document
from tests.worker.office import Office, office_in
from tests.worker.played import plays
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
    """Give an office at 22:00, after an email to Dana this morning. Sana is the owner."""
    with office_in(tmp_path) as made:
        plays(made, _an_email_to_dana)
        yield made


def _an_email_to_dana(office: Office) -> None:
    office.world.publish(policy_document(LANGUAGES) + URGENT)
    office.world.approved_mail(office.world.open_case())
    office.works()
    office.clock.now = NIGHT


def arrives(office: Office, text: str, sender: str = DANA, **headers: str) -> None:
    """Deliver an answer to the newest sent email, as a file in the school's mailbox."""
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
    """Return the automatic replies that were sent, as they are in the mailbox."""
    sent = (office.services.settings.home / "mail" / BOX / "sent").glob("*.eml")
    found = [message_from_bytes(each.read_bytes()) for each in sorted(sent)]
    return [each for each in found if each["Auto-Submitted"]]  # type: ignore[misc]


def waits(office: Office, minutes: int) -> None:
    """Run the worker every minute for this long."""
    for _ in range(minutes):
        send_due(office.services, OutboxKind.AUTOMATIC_REPLY)
        office.clock.forward(minutes=1)


def said(office: Office) -> str:
    """Return the reason why the reply was not sent."""
    (reply,) = office.world.rows(automatic_replies)
    return str(reply["not_sent"])


def text_of(office: Office) -> str:
    (reply,) = came(office)
    return eml.read_email(reply.as_bytes()).body
