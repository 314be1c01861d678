"""Email the audit's end to the address of AUDIT_ANCHOR, whose reader keeps it elsewhere."""

from __future__ import annotations

from integrations.audit_anchor import AnchorFault, AnchorFile
from integrations.bootstrap import Services
from integrations.mail.interface import Mail
from store.actions.notices.tell_of_anchor import EVERY
from store.delivery.mailed_anchors import mailed_anchor, remember_mailed
from store.queries.audit_anchors import Anchor, audit_end
from store.queries.schools.mailboxes import school_mailboxes
from store.rules.calendar import institution_day

_BODY = """\
The audit of Lantern has new rows. The lines below name its newest row. Keep this email where the \
administrators of the database cannot change it: it shows whether rows up to this one were changed \
or removed later.

{lines}

To compare: save these emails, as an mbox or as text, and run
lantern audit verify --anchors FILE
"""


def mail_anchor(services: Services, anchors: AnchorFile, recipient: str) -> bool:
    """Email the audit's end, unless it is unchanged or the last email is recent.

    A crash may repeat an email, which does no harm.

    Raises:
        AnchorFault: no school has a mailbox to send from.
        MailError: the mail service did not take it; the next sweep tries again.
    """
    with services.store.database.read() as connection:
        end, sent = audit_end(connection, services.now()), mailed_anchor(connection)
        boxes = school_mailboxes(connection, institution_day(services.now()))
    if end is None or services.store.limits.dry_run:
        return False
    if sent and (sent[0] >= end.seq or end.at - sent[1] < EVERY):
        return False
    mailbox = next((box for _, box in boxes if box), None)
    if mailbox is None:
        raise AnchorFault(
            "The audit's anchor cannot be emailed, since no school has a policy in force that "
            "names a mailbox. Publish one, or set AUDIT_ANCHOR to a file or to officer."
        )
    mail = _mail(mailbox, recipient, end, anchors.line_to_send(end))
    mailer = services.mailer
    draft = mailer.find(mailbox, mail.key) or mailer.draft(mail)
    if not draft.is_sent:
        mailer.send(mailbox, draft.ref)
    remember_mailed(services.store, end.seq, end.at)
    return True


def _mail(mailbox: str, recipient: str, end: Anchor, line: str) -> Mail:
    words = line.split()
    # Shorter than any line that a mail program breaks.
    lines = "\n".join((" ".join(words[:4]), words[4], words[5], words[6]))
    return Mail(
        key=f"audit-anchor:{end.seq}",
        mailbox=mailbox,
        sender_name="Lantern",
        recipient=recipient,
        subject=f"Lantern audit: anchor of row {end.seq}",
        body=_BODY.format(lines=lines),
        is_automatic=True,
    )
