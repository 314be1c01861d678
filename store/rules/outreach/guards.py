"""What an institution lets out at all: to whom, how often, and whether in earnest."""

from __future__ import annotations

from dataclasses import dataclass

from store.rules.errors import NotPossibleNow
from store.rules.model import Rung
from store.rules.students.messages import ContactWay
from store.rules.text.formatting import counted

PERIOD_DAYS = 7
"""The cap on mails to one student counts this many days back."""


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """How far mail may go on this installation. Empty means without that limit.

    ``testers``: trial mode, in which only these addresses are written to. ``domains``: the only
    ones, subdomains included. ``dry_run``: everything happens, and nothing leaves.
    """

    testers: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    dry_run: bool = False


def check_recipient(limits: SendingLimits, recipient: str) -> None:
    """Let an address pass, or raise ``NotPossibleNow``; the sentence does not quote it."""
    address = recipient.casefold()
    if limits.testers and address not in limits.testers:
        raise NotPossibleNow(
            "This installation is on trial: mail goes to its named testers only, and this student "
            "is none of them."
        )
    domain = address.rpartition("@")[2]
    allowed = any(domain == each or domain.endswith(f".{each}") for each in limits.domains)
    if limits.domains and not allowed:
        raise NotPossibleNow(
            "The student's address is in a domain that this institution does not send to. Ask your "
            "Lantern administrator, or use another step of the ladder."
        )


def check_cap(sent: int, most: int) -> None:
    """``sent`` mails about engagement reached this student in the last days, from any school."""
    if sent >= most:
        raise NotPossibleNow(
            f"The student had {counted(sent, 'mail')} about engagement in the last {PERIOD_DAYS} "
            f"days, which is as many as your school's policy allows. Give them time, or call."
        )


def preferred_rung(way: ContactWay | None) -> Rung | None:
    """The mail address that the student asked for; None where they asked for none."""
    if way is ContactWay.PERSONAL_EMAIL:
        return Rung.PERSONAL_EMAIL
    return Rung.UNIVERSITY_EMAIL if way is ContactWay.UNIVERSITY_EMAIL else None


def check_wishes(way: ContactWay | None, opted_out: bool, rung: Rung | None) -> None:
    """What the student asked for about engagement; welfare is another matter.

    ``rung`` is the one that a mail is for; None asks only whether they want any mail at all.
    """
    if opted_out:
        raise NotPossibleNow(
            "The student has asked for no more mail about engagement. A concern for their welfare "
            "has a way of its own under More."
        )
    if way in (ContactWay.PHONE, ContactWay.CHAT):
        raise NotPossibleNow(
            f"The student has asked to be contacted by {way.label}, so no mail is sent. "
            "Show has what they said; use Log an attempt once you have tried."
        )
    wanted = preferred_rung(way)
    if wanted and rung and rung is not wanted:
        raise NotPossibleNow(
            f"The student has asked to be written to by {wanted.label}, and this is a mail to "
            "another address. Draft a new one."
        )
