"""Students' answers, from the school mailboxes to their cases."""

from __future__ import annotations

import structlog
from sqlalchemy.exc import OperationalError

from integrations.bootstrap import Services
from integrations.error_summary import place
from integrations.mail.interface import Answer, MailError
from store.actions.outreach.receive_reply import record_answer
from store.queries.schools.mailboxes import mailboxes_in_use
from store.rules.students.links import without_secrets

NO_WORDS = "[A mail without words. What came with it is in the school's mailbox.]"
LONGEST = 20_000
"""Characters of an answer that are kept: as much as anybody reads in a chat."""
CUT = "\n[The rest is in the school's mailbox.]"

log = structlog.get_logger(__name__)


def collect(services: Services) -> None:
    """Read every mailbox that mail was sent from. What was recorded before is not again."""
    with services.store.database.read() as connection:
        mailboxes = mailboxes_in_use(connection)
    for mailbox in mailboxes:
        try:
            for answer in services.mailer.answers(mailbox):
                _record(services, answer)
        except MailError as error:
            log.warning("mailbox not read", reason=str(error))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # A message that makes no sense. The mark stays before it, and the others are read.
            log.error("mailbox not read", reason=type(error).__name__, where=place(error))


def _record(services: Services, answer: Answer) -> None:
    """Record one answer, without the links in what it quotes, which are the student's.

    One that cannot be recorded does not keep back all that come after it.
    """
    try:
        record_answer(
            services.store,
            message=answer.message,
            conversation=answer.conversation,
            body=_words(answer.body),
            received_at=answer.received_at,
            kind=answer.kind,
            sender=answer.sender,
        )
    except OperationalError:
        # The database is out of reach, so nothing is recorded, and nothing may be passed over.
        raise
    except Exception as error:  # noqa: BLE001
        kind = type(error).__name__
        log.error("answer not recorded", mail=answer.message, reason=kind, where=place(error))


def _words(body: str) -> str:
    """An answer as it is kept. Of an endless one the beginning, of a wordless one that it is."""
    if not body.strip():
        return NO_WORDS
    words = without_secrets(body)
    return words if len(words) <= LONGEST else words[:LONGEST] + CUT
