"""What a complaint froze of a case, as one reader may read it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrozenEvidence:
    """What one complaint froze, as one reader may read it: canonical JSON.

    ``sha256`` is of the whole text as it was frozen, and ``is_intact`` whether that still is so.
    ``withheld`` counts the confidential notes of which the reader sees that there is one.
    """

    case: int
    reference: str
    complaint: int
    school: int
    at: dt.datetime
    text: str
    sha256: str
    is_intact: bool
    withheld: int = 0


def evidence_fingerprint(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
