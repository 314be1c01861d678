"""What to do about a refused request: retry soon, wait for a person, or never retry.

Each service has one table of its errors, ``refusals.py`` beside its client, and each row names its
source. An error in no table waits for a person: only a request that can never succeed is final.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from store.rules.calendar import LONGEST_PAUSE

SECOND = dt.timedelta(seconds=1)


class Verdict(StrEnum):
    """When the same request may succeed."""

    SOON = "again soon"
    PERSON = "waits for a person"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row of a table. ``why`` is when the request may succeed; ``source`` documents that."""

    verdict: Verdict
    why: str
    source: str


def describe_next_step(refusal: Refusal) -> str:
    """Return what happens next, or what a person has to do, as the end of a sentence."""
    if refusal is UNKNOWN:
        return "look the code up with the service; Lantern tries again by itself"
    if refusal.verdict is Verdict.SOON:
        return "Lantern tries again by itself"
    if refusal.verdict is Verdict.PERSON:
        return f"it works again {refusal.why}"
    return f"it is not tried again, since {refusal.why}"


def pause_of(seconds: str) -> dt.timedelta | None:
    """Read ``Retry-After`` in seconds as a wait; None where it is not a number."""
    said = seconds.strip()
    whole, point, part = said.partition(".")
    if not (whole.isascii() and whole.isdecimal()) or (point and not part.isdecimal()):
        return dt.timedelta() if said.startswith("-") and said[1:].isdecimal() else None
    # The length is checked first: the number may be too large to convert.
    if len(whole.lstrip("0")) > len(str(LONGEST_PAUSE // SECOND)):
        return LONGEST_PAUSE
    return min(dt.timedelta(seconds=float(said)), LONGEST_PAUSE)


INSTEAD = Refusal(
    Verdict.PERSON,
    "when no proxy or sign-in page of the network answers instead",
    "RFC 9110, sections 15.4 and 15.5.8; RFC 6585, section 6",
)
"""A redirect, which no service's API sends, or a proxy or network that requires a sign-in."""


def answered_instead(status: int) -> Refusal | None:
    """Return ``INSTEAD`` for a status that comes from a proxy, not a service; else None."""
    return INSTEAD if 300 <= status < 400 or status in (407, 511) else None


UNKNOWN = Refusal(
    Verdict.PERSON,
    "an unknown error waits",
    "our own rule: only what can never succeed is final",
)
