"""What a student may ask about their data, and by which day the law wants it done (§28).

The days follow the UK GDPR, articles 12 and 12A, section 164A of the Data Protection Act 2018, and
the guidance of its regulator on both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from store.rules.errors import InvalidInput
from store.rules.model.labelled import Word
from store.rules.policies.review_calendar import months_later
from store.rules.students.bank_holidays import working_day_from
from store.rules.students.messages import LONGEST
from store.rules.text.formatting import storable
from store.rules.text.limits import within

MOST_EXTRA = 2
"""Months that may be added to the month for an answer."""
ACKNOWLEDGED_WITHIN = dt.timedelta(days=30)
"""A complaint is acknowledged in this time, counted from the day after it came."""
COMPLAINT_MONTHS = 1
"""The law wants an answer to a complaint without undue delay; Lantern reminds after this time."""
REMINDED_BEFORE = dt.timedelta(days=7)
"""From so long before its day a request stands in the officer's morning message."""
MOST_OPEN = 3
"""Complaints of one student that are open at the same time."""
LONGEST_AGO = dt.timedelta(days=366)
"""How long ago a request may have come that an officer records."""

COMMISSION = "Information Commission"
COMMISSION_PHONE = "0303 123 1113"
COMMISSION_PAGE = "https://ico.org.uk/make-a-complaint"
COMMISSION_POST = "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF"


class DataAsk(Word):
    """What a student asks for: a copy of their data, or that a complaint is looked into."""

    COPY = "copy"
    COMPLAINT = "data-complaint"

    @property
    def noun(self) -> str:
        """Return it as it reads in a sentence to the officer."""
        return "request for a copy" if self is DataAsk.COPY else "complaint about data protection"


class ClockStop(Word):
    """What the officer needs to know first: who asks, or what of their data they mean."""

    IDENTITY = "identity"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Stop:
    """A question to the student: the clock stops from its day until the day of the answer."""

    asked: dt.date
    answered: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LegalDates:
    """The days of one request. ``answer_by`` moves on while ``is_stopped``."""

    answer_by: dt.date
    extend_by: dt.date
    """The last day on which the student can be told that it takes longer."""
    stopped_days: int
    is_stopped: bool
    acknowledge_by: dt.date | None = None
    """Of a complaint that is not acknowledged yet."""

    @property
    def next_day(self) -> dt.date:
        """Return the day by which the officer has to do something next."""
        return self.acknowledge_by or self.answer_by

    def is_overdue(self, today: dt.date) -> bool:
        """Return whether that day is over. A question that came too late does not change it."""
        return self.next_day < today

    def is_near(self, today: dt.date) -> bool:
        """Return whether the officer is reminded on this day."""
        return self.next_day - REMINDED_BEFORE <= today and not self.is_stopped


def dates_of_copy(
    received: dt.date, stops: Collection[Stop], extra_months: int, today: dt.date
) -> LegalDates:
    """Return the days of a request for a copy.

    A month ends on the same day of the next month, or on its last day where it has no such day, and
    on the next working day where that is none. The days on which the student was asked for their
    identity or for what they mean are added. The law begins the month anew when an identity is
    shown; a pause ends earlier, which is no harm to the student.
    """
    stopped = _stopped_days(stops, today)
    return LegalDates(
        answer_by=_end(received, 1 + extra_months, stopped),
        extend_by=_end(received, 1, stopped),
        stopped_days=stopped,
        is_stopped=any(each.answered is None for each in stops),
    )


def dates_of_complaint(received: dt.date, *, is_acknowledged: bool) -> LegalDates:
    """Return the days of a complaint about data protection. No question stops these."""
    by = _end(received, COMPLAINT_MONTHS, 0)
    acknowledge_by = None if is_acknowledged else working_day_from(received + ACKNOWLEDGED_WITHIN)
    return LegalDates(by, by, 0, is_stopped=False, acknowledge_by=acknowledge_by)


def check_reply(words: str) -> str:
    """Return a student's answer, tidied. Raises ``InvalidInput`` with a sentence for them."""
    tidy = check_words(DataAsk.COPY, words)
    if not tidy:
        raise InvalidInput("Please answer in a few words.", field="words")
    return tidy


def check_words(kind: DataAsk, words: str) -> str:
    """Return a student's words, tidied. Raises ``InvalidInput`` with a sentence for the student."""
    tidy = storable(words).strip()
    within(tidy, LONGEST, "words")
    if kind is DataAsk.COMPLAINT and not tidy:
        raise InvalidInput("Please say in a few words what went wrong.", field="words")
    return tidy


def check_extension(months: int, extra_months: int, dates: LegalDates, today: dt.date) -> None:
    """Check that the time for a copy may be extended. Raises ``InvalidInput`` with the reason."""
    if extra_months:
        raise InvalidInput(
            "The time was extended already, and the law allows it once.", field="months"
        )
    if not 1 <= months <= MOST_EXTRA:
        raise InvalidInput("Choose 1 or 2 months.", field="months")
    if today > dates.extend_by:
        raise InvalidInput(
            "The first month is over, so the time can no longer be extended. Answer now.",
            field="months",
        )


def _stopped_days(stops: Collection[Stop], today: dt.date) -> int:
    """Count the days of all stops; a day on which two questions are open counts once."""
    days = {
        stop.asked + dt.timedelta(days=number)
        for stop in stops
        for number in range(((stop.answered or today) - stop.asked).days)
    }
    return len(days)


def _end(received: dt.date, months: int, stopped: int) -> dt.date:
    return working_day_from(months_later(received, months) + dt.timedelta(days=stopped))
