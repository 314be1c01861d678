"""Wait for a mailbox's turn to send an email."""

from __future__ import annotations

from integrations.mail.interface import OutOfTurn
from integrations.rate_limit import Sleep
from integrations.records import MailboxRecords
from store.rules.outreach.sending_pace import SendingRate


def wait_to_send(records: MailboxRecords, mailbox: str, rate: SendingRate, sleep: Sleep) -> None:
    """Take the mailbox's next turn to send, and sleep until it has come.

    Raises:
        OutOfTurn: with ``retry_after``, where the turn is too far ahead.
    """
    wait, is_taken = records.take_turn(mailbox, rate)
    if not is_taken:
        raise OutOfTurn("Other emails of this mailbox go first.", wait)
    sleep(wait.total_seconds())
