"""How fast mails may leave one mailbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SendingRate:
    """Turns are ``every`` apart. A sender up to ``catch_up`` late does not delay those behind.
    A turn more than ``longest`` ahead is not taken."""

    every: dt.timedelta
    catch_up: dt.timedelta
    longest: dt.timedelta
