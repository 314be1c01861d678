"""Check what happened to an email with an unknown result, until it is known.

A colleague was asked about it already, and nothing more is sent. Where the mail service shows that
the email was sent, that is recorded. Where it shows the draft exactly as approved, the email was
not sent: the draft is deleted, and the people concerned are told. A draft that a colleague has
changed is left to them.
"""

from __future__ import annotations

from integrations.bootstrap import Services
from integrations.mail.interface import Draft, MailError
from store.actions.notices import troubles
from store.delivery import results
from store.delivery.claims import OutboxRow
from store.delivery.results import LOOKED_FOR_EVERY
from store.rules.model import OutboxKind, TroubleKind
from worker.jobs.outreach.drafts_left import erase_draft
from worker.jobs.outreach.to_send import ToSend

NOT_SENT = (
    "it was not known whether it had been sent; Lantern has now found that it was not, and deletes "
    "its draft from the mailbox. Write to the student again if that is still right"
)


def settle_unknown(services: Services, row: OutboxRow, mail: ToSend) -> None:
    """Check once what happened to an email; record the result, or when to check again."""
    store = services.store
    try:
        draft = _now(services, row, mail)
    except MailError as error:
        _later(services, row, str(error))
        return
    if draft is None or (not draft.is_sent and mail.is_still(draft, row, store.now())):
        mail.record_found_unsent(store, row, NOT_SENT)
        erase_draft(services, row, mail.mailbox)
    elif draft.is_sent and mail.went_to_student(draft):
        mail.record_sent(store, row, draft.conversation, draft.message_id)
    else:
        _later(services, row, "The draft was changed in the mailbox.")
        return
    if row.kind is OutboxKind.MAIL:
        troubles.over(store, TroubleKind.SENDING, f"{row.kind}:{row.outreach_id}")


def _now(services: Services, row: OutboxRow, mail: ToSend) -> Draft | None:
    """Return the draft as it is now; None where none was ever written."""
    if row.provider_ref:
        return services.mailer.look(mail.mailbox, row.provider_ref)
    return services.mailer.find(mail.mailbox, row.key)


def _later(services: Services, row: OutboxRow, trouble: str) -> None:
    with services.store.unit_of_work() as work:
        results.retry(work, row, LOOKED_FOR_EVERY, trouble, unresolved=True, tried=False)
