"""The evidence that a complaint froze, as one reader may read it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrozenEvidence:
    """The frozen evidence of one complaint, as one reader may read it: canonical JSON.

    ``sha256`` is of the whole frozen text, and ``is_intact`` whether the stored text still matches.
    ``withheld`` counts the confidential notes whose words the reader does not see.
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
