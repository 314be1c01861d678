"""How fast emails may be sent from one mailbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SendingRate:
    """How fast one mailbox may send. Slots are ``every`` apart. A sender up to ``catch_up`` late
    does not delay later ones.

    A slot more than ``longest`` ahead is not reserved.
    """

    every: dt.timedelta
    catch_up: dt.timedelta
    longest: dt.timedelta
