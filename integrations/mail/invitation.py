"""Tell from a response to an invitation in the calendar what its sender chose."""

from __future__ import annotations

import re

_BY_CLASS = {
    "ipm.schedule.meeting.resp.pos": "accepted",
    "ipm.schedule.meeting.resp.neg": "declined",
    "ipm.schedule.meeting.resp.tent": "provisionally accepted",
}
"""Exchange's message classes ([MS-OXOCAL], section 2.2.6)."""
_BY_STATUS = {
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "provisionally accepted",
}
"""The states of a calendar's reply (RFC 5546, section 3.2.3)."""
_STATUS = re.compile(r"(?i)PARTSTAT=\"?(accepted|declined|tentative)\b")
_LONGEST = 20_000


def choice_of_class(message_class: str) -> str:
    """Return what a message of this Exchange class says of an invitation; '' for nothing."""
    return _sentence(_BY_CLASS.get(message_class.strip().casefold(), ""))


def choice_in(calendar: str) -> str:
    """Return what a calendar's text says of an invitation; '' where it is no reply to one."""
    said = re.sub(r"\r?\n[ \t]", "", calendar[:_LONGEST])
    found = _STATUS.search(said) if "METHOD:REPLY" in said.upper() else None
    return _sentence(_BY_STATUS[found[1].casefold()]) if found else ""


def _sentence(choice: str) -> str:
    return f"[An invitation in the calendar was {choice}.]" if choice else ""
