"""How fast mails may leave one mailbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Turns are ``every`` apart, whoever takes them; who is late by up to ``catch_up`` does not
    put off those behind. A turn more than ``longest`` ahead is not taken."""

    every: dt.timedelta
    catch_up: dt.timedelta
    longest: dt.timedelta
