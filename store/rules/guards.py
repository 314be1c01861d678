"""What an institution lets out at all: to whom, how often, and whether in earnest."""

from __future__ import annotations

from dataclasses import dataclass

from store.rules.errors import NotPossibleNow
from store.rules.words import counted

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
