"""A case with its card in a channel, and the lines below it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from integrations.chat.sandbox import Message
from store.actions.outreach.receive_reply import record_reply
from store.rules.model import AnswerKind
from store.tables import outbox
from tests.worker.office import Office
from worker.jobs import sweep as sweeping

FRIDAY_EVENING = dt.datetime(2025, 10, 24, 19, 0, tzinfo=dt.UTC)
MONDAY_MORNING = dt.datetime(2025, 10, 27, 8, 0, tzinfo=dt.UTC)
WORDS = "My grandmother is ill"


@pytest.fixture
def case(office: Office) -> int:
    """Give Alice's case with its card posted, and no open work."""
    opened = office.world.open_case()
    office.types("alice", "take LANG-1")
    office.works()
    return opened


def replies(office: Office, channel: str = "lang") -> list[Message]:
    """Return the messages in the threads of a channel."""
    office.works()
    return [each for each in office.messages(channel) if each.thread is not None]


def said(office: Office, channel: str = "lang") -> list[str]:
    return [str(each.payload["summary"]) for each in replies(office, channel)]


def mentioned(office: Office) -> list[str]:
    """Return the account that each line mentions; '' if it mentions none."""
    found = [str(each.payload["html"]).partition('data-account="')[2] for each in replies(office)]
    return [each.partition('"')[0] for each in found]


def told(office: Office, name: str) -> list[str]:
    """Return the private messages to this person, once all of them were due."""
    office.works()
    office.clock.forward(minutes=2)
    sweeping.sweep(office.services)
    office.works()
    return [str(message.payload) for message in office.messages(f"direct:{name}")]


def answers(office: Office, kind: AnswerKind = AnswerKind.ANSWER, message: str = "m1") -> None:
    record_reply(
        office.world.store,
        message=message,
        conversation="conversation-1",
        body=WORDS,
        received_at=office.clock.now,
        kind=kind,
    )


def mails(office: Office, case: int) -> None:
    """Send an email, and cancel the lines about its draft."""
    office.world.approved_mail(case)
    office.world.send()
    with office.world.store.unit_of_work() as work:
        drafts = outbox.c.kind == "line"
        work.connection.execute(sa.update(outbox).where(drafts).values(state="cancelled"))
