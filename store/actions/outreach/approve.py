"""The offer of a meeting, as it stands at the end of a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from store.actions.outreach.validate_text import checked_words
from store.actions.request import CaseRequest
from store.letters.phrases import SAYINGS
from store.rules.calendar import Calendar
from store.rules.cases.case import Outreach
from store.rules.errors import InvalidInput
from store.rules.letters.meeting import MINUTES, offered


def with_meeting(
    asked: CaseRequest, mail: Outreach, calendar: Calendar, typed: Mapping[str, str]
) -> Outreach:
    """The mail with the meeting that its approver typed; the mail as it was where they did not.

    The approver puts a time and a place into a sentence that is given, and writes nothing else, so
    that this makes nobody a writer.
    """
    day, clock, place = (typed.get(name, "") for name in ("day", "time", "place"))
    meeting = offered(day, clock, place, calendar, asked.work.now)
    if meeting is None:
        return mail
    sayings, local = SAYINGS[mail.language], calendar.local(meeting.starts)
    offer = sayings.offer.format(
        day=sayings.day(local.date()), time=f"{local:%H:%M}", minutes=MINUTES, place=meeting.place
    )
    try:
        checked_words(asked, mail.rung, mail.subject, offer)
    except InvalidInput as refused:
        raise InvalidInput(refused.sentence, field="place") from None
    return replace(mail, body=f"{mail.body}\n\n{offer}", meeting=meeting)
