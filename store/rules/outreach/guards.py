"""An institution's limits on emails: allowed addresses, numbers, and dry runs."""

from __future__ import annotations

from dataclasses import dataclass

from store.rules.errors import NotPossibleNow
from store.rules.model import Rung
from store.rules.students.messages import ContactWay
from store.rules.text.formatting import counted

PERIOD_DAYS = 7
"""The cap on emails to one student counts this many days back."""


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """The limits on emails from this installation. Empty means no such limit.

    ``testers``: trial mode, in which only these addresses get emails. ``domains``: the only allowed
    domains, subdomains included. ``dry_run``: everything happens except sending.
    """

    testers: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    dry_run: bool = False


def check_recipient(limits: SendingLimits, recipient: str) -> None:
    """Check an address; raises ``NotPossibleNow`` with a sentence that does not quote it."""
    address = recipient.casefold()
    if limits.testers and address not in limits.testers:
        raise NotPossibleNow(
            "This installation is on trial: emails go only to its named testers, and this student "
            "is not one of them."
        )
    domain = address.rpartition("@")[2]
    allowed = any(domain == each or domain.endswith(f".{each}") for each in limits.domains)
    if limits.domains and not allowed:
        raise NotPossibleNow(
            "The student's address is in a domain that this institution does not send to. Ask your "
            "Lantern administrator, or use another step of the ladder."
        )


def check_cap(sent: int, most: int) -> None:
    """Check the number of emails about engagement that the student got from all schools.

    Raises ``NotPossibleNow`` where it has reached the limit.
    """
    if sent >= most:
        raise NotPossibleNow(
            f"The student had {counted(sent, 'email')} about engagement in the last {PERIOD_DAYS} "
            f"days, which is as many as your school's policy allows. Give them time, or call."
        )


def preferred_rung(way: ContactWay | None) -> Rung | None:
    """Return the email step that the student asked for; None where they asked for neither."""
    if way is ContactWay.PERSONAL_EMAIL:
        return Rung.PERSONAL_EMAIL
    return Rung.UNIVERSITY_EMAIL if way is ContactWay.UNIVERSITY_EMAIL else None


def check_wishes(way: ContactWay | None, opted_out: bool, rung: Rung | None) -> None:
    """Check the student's wishes on engagement; they do not apply to welfare.

    ``rung`` is the step of an email; None checks only whether they want any email at all.

    Raises ``NotPossibleNow`` where the student wants none, another way of contact, or a later step
    first.
    """
    if opted_out:
        raise NotPossibleNow(
            "The student has asked for no more emails about engagement. If you are worried about "
            "their welfare, choose Welfare concern under More."
        )
    if way in (ContactWay.PHONE, ContactWay.CHAT):
        raise NotPossibleNow(
            f"The student has asked to be contacted by {way.label}, so no email is sent. "
            "Show has what they said; use Log a contact once you have tried."
        )
    wanted = preferred_rung(way)
    if wanted and rung and rung is not wanted:
        raise NotPossibleNow(
            f"The student has asked for emails by {wanted.label}, and this email goes to "
            "another address. Draft a new one."
        )
