"""Record students' replies from the school mailboxes on their cases.

The position in a mailbox moves only past messages that are recorded or set aside. A message that
cannot be read or recorded is set aside in ``store.actions.notices.troubles`` and retried; where
even that cannot be written, the position stays before it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from integrations.bootstrap import Services
from integrations.mail.interface import Answer, MailError, ReadsAgain
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.actions.outreach.receive_reply import record_reply
from store.actions.outreach.reply_words import CUT, LONGEST, NO_WORDS
from store.actions.privacy.data_replies import record_data_reply
from store.queries.outreach.mail_marks import find_case_of_message
from store.queries.schools.mailboxes import mailboxes_in_use, school_of_mailbox
from store.rules.calendar import institution_day
from store.rules.model import TroubleKind
from store.rules.outreach.mail_match import Marks
from store.rules.text.formatting import storable
from worker.one_by_one import one_by_one

__all__ = ["CUT", "LONGEST", "NO_WORDS", "collect_replies"]

UNREAD = "An email that arrived could not be recorded. Read it in the school's mailbox."
GONE = "It was moved or deleted before Lantern could read it"
UNREAD_MAILBOX = "The school's mailbox cannot be read, so answers may wait there."


def collect_replies(services: Services) -> None:
    """Read every mailbox where answers may arrive. No message is recorded twice."""
    with services.store.database.read() as connection:
        named = {
            box: Trouble(TroubleKind.MAILBOX, box, UNREAD_MAILBOX, school)
            for box, school in mailboxes_in_use(connection, institution_day(services.now())).items()
        }
    read = partial(_read, services)
    one_by_one(services.store, TroubleKind.MAILBOX, named, named.__getitem__, read)


def _read(services: Services, mailbox: str) -> None:
    """Retry the messages that were set aside, then read everything that has arrived since."""
    store, mailer = services.store, services.mailer
    if isinstance(mailer, ReadsAgain):
        with store.database.read() as connection:
            due = troubles.due(connection, TroubleKind.MESSAGE, store.now())
        mine = [each for each in due if each.key.startswith(f"{mailbox} ")]
        again = partial(_again, services, mailer, mailbox)
        # The reason also says what to do, for a person who hears of it only at a retry.
        what = partial(replace, reason=UNREAD)
        one_by_one(store, TroubleKind.MESSAGE, mine, what, again)
    about = partial(_named, services, mailbox)
    take = partial(_record, services, mailbox)
    one_by_one(store, TroubleKind.MESSAGE, mailer.answers(mailbox), about, take)


def _again(services: Services, mailer: ReadsAgain, mailbox: str, aside: Trouble) -> None:
    """Retry a message that was set aside. Where it is gone from the mailbox, staff are told
    once."""
    answer = mailer.read_again(mailbox, aside.key.removeprefix(f"{mailbox} "))
    if answer is not None:
        _record(services, mailbox, answer)
    elif not aside.is_told:
        raise MailError(GONE)


def _named(services: Services, mailbox: str, arrived: Answer) -> Trouble:
    """Name the problem of a message, on the case that its headers name. This holds nothing from the
    message that the database might refuse, since any part of a message may be faulty.
    """
    conversation, arrived_at = storable(arrived.conversation), arrived.received_at
    with services.store.database.read() as connection:
        case, school = find_case_of_message(
            connection, _marks(mailbox, arrived), services.store.now()
        )
        school = school or school_of_mailbox(connection, mailbox)
    return Trouble(
        TroubleKind.MESSAGE,
        storable(f"{mailbox} {arrived.message}"),
        UNREAD,
        school,
        case,
        conversation,
        arrived_at if arrived_at.tzinfo else None,
    )


def _record(services: Services, mailbox: str, arrived: Answer) -> None:
    """Record one message where it belongs."""
    if arrived.unread:
        raise MailError(arrived.unread)
    marks = _marks(mailbox, arrived)
    if record_data_reply(
        services.store,
        message=arrived.message,
        marks=marks,
        kind=arrived.kind,
        body=arrived.body,
        whole=arrived.whole,
    ):
        return
    record_reply(
        services.store,
        message=arrived.message,
        body=arrived.body,
        # A clock elsewhere may be wrong; an answer from the future would stay unread till then.
        received_at=min(arrived.received_at, services.store.now()),
        kind=arrived.kind,
        marks=marks,
        whole=arrived.whole,
        subject=arrived.subject,
    )


def _marks(mailbox: str, arrived: Answer) -> Marks:
    return Marks(
        arrived.conversation,
        arrived.references,
        arrived.key,
        arrived.sender,
        mailbox,
        arrived.is_unproven,
    )
