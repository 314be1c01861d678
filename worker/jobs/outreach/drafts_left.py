"""Delete drafts that must not be sent any more from the mailbox, at once or as soon as possible.

A draft holds the student's own links, and colleagues can reach the school's mailbox.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from integrations.bootstrap import Services
from integrations.mail.interface import SETTLES_WITHIN, MailError
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.actions.outreach.draft_left import LEFT, draft_left
from store.delivery.claims import OutboxRow
from store.rules.model import TroubleKind
from worker.one_by_one import note_failure, one_by_one

NOT_AT_ONCE = SETTLES_WITHIN - troubles.FIRST_PAUSE
"""How much longer than other failed things a draft waits, to be visible when it is looked for."""


def erase_draft(services: Services, row: OutboxRow, mailbox: str) -> None:
    """Delete the draft of a row at once, where one is recorded as left.

    A new draft may not be visible yet. One that is not found stays recorded, and ``erase_left``
    looks again.
    """
    store, left = services.store, draft_left(row, mailbox)
    with store.database.read() as connection:
        if left.key not in troubles.known_troubles(connection, TroubleKind.DRAFT):
            return
    try:
        if services.mailer.find(mailbox, row.key) is None:
            return
        services.mailer.erase(mailbox, row.key)
    except MailError as error:
        note_failure(store, left, error)
    else:
        troubles.over(store, TroubleKind.DRAFT, left.key)


def erase_left(services: Services) -> None:
    """Delete the drafts that could not be deleted before, once each of them is visible."""
    store = services.store
    with store.database.read() as connection:
        left = troubles.due(connection, TroubleKind.DRAFT, store.now() - NOT_AT_ONCE)

    def erase(draft: Trouble) -> None:
        mailbox, _, key = draft.key.partition(" ")
        services.mailer.erase(mailbox, key)

    # The reason also says what to do, for a person who hears of it only at a retry.
    one_by_one(store, TroubleKind.DRAFT, left, partial(replace, reason=LEFT), erase)
