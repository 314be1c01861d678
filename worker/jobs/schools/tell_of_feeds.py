"""Tell each school's leads of problems with its feeds: once, and when they are over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from integrations.bootstrap import Services
from integrations.feeds.ledger.deliveries import Ledger, State
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.queries.schools import feeds as queries
from store.queries.schools.troubles import Noted, troubles_now
from store.rules.calendar import institution_day
from store.rules.flag_rules.base import through
from store.rules.flag_rules.measured_days import missing_days
from store.rules.model import TroubleKind
from store.rules.notices import feed_news
from worker.jobs.schools.feed_problems import (
    LOOKED_BACK,
    AgreedFeeds,
    Problem,
    of_deliveries,
    schools_with_feeds,
)
from worker.jobs.schools.source_problems import of_sources

_KEY = re.compile(r"(late|thin|work|corrected|refused|waiting|files?|numbers):(?:(.*):)?(\d+)")
"""The kind of problem, its source, delivery or file, and the school."""


_OF_SOURCES = frozenset({"late", "thin", "work", "corrected"})


def tell_of_feeds(services: Services, day: dt.date) -> None:
    """Record every problem with a school's feeds, report new ones, and close those that have ended.

    Running it again changes nothing. It runs after a screening, since it reports its changes.
    """
    schools = schools_with_feeds(services, day)
    found = [*of_deliveries(services, schools, day), *of_sources(services, schools, day)]
    _tell(services, schools, found, day)


def tell_of_deliveries(services: Services) -> None:
    """Report problems with deliveries and files at once, after a load or a decision."""
    day = institution_day(services.now())
    schools = schools_with_feeds(services, day)
    _tell(services, schools, list(of_deliveries(services, schools, day)), day, but=_OF_SOURCES)


def _tell(
    services: Services,
    schools: Sequence[AgreedFeeds],
    found: Sequence[Problem],
    day: dt.date,
    but: frozenset[str] = frozenset(),
) -> None:
    """Record the problems in ``found``, and close the others, except those of the kinds in ``but``,
    which were not checked this time."""
    for problem in found:
        what = Trouble(TroubleKind.FILE, problem.key, problem.reason, problem.school, is_final=True)
        troubles.record_trouble(services.store, what)
    goes_on = {problem.key for problem in found}
    by_id = {each.school.id: each for each in schools}
    with services.store.database.read() as connection:
        noted = [each for each in troubles_now(connection) if each.kind is TroubleKind.FILE]
    for each in noted:
        match = _KEY.fullmatch(each.key)
        if match and each.key not in goes_on and match[1] not in but:
            about = by_id.get(int(match[3]))
            words = _over(services, about, each, match[1], match[2], day) if about else ""
            troubles.over(services.store, TroubleKind.FILE, each.key, words)


def _over(
    services: Services, about: AgreedFeeds, noted: Noted, what: str, which: str, day: dt.date
) -> str:
    """Say how a problem has ended; '' where it is only too old to report."""
    if what == "numbers":
        return "Every student number in your school is now clear."
    if what == "waiting":
        return _decided(services, int(which))
    if what in _OF_SOURCES:
        return _arrived(services, about, what, which, noted, day)
    if services.now() - noted.since > LOOKED_BACK:
        return ""
    if what == "refused":
        return f"The refused rows of delivery {which} have now been loaded or replaced."
    return f"This has ended: {noted.reason}"


def _decided(services: Services, number: int) -> str:
    for entry in Ledger(services.lake).entries():
        if entry.number == number:
            done = "withdrawn" if entry.state is State.WITHDRAWN else "accepted"
            return f"Delivery {number} of {entry.source} was {done}: {entry.file}."
    return f"Delivery {number} no longer exists."


def _arrived(
    services: Services, about: AgreedFeeds, what: str, source: str, noted: Noted, day: dt.date
) -> str:
    calendar, last = about.policy.calendar, through(day)
    if source not in about.families:
        return f"Your school's policy no longer uses {source}."
    if what == "corrected":
        return feed_news.said_corrects_no_longer(source)
    with services.store.database.read() as connection:
        moved = queries.moved_by(connection, about.school.id, source, day)
    if what == "work":
        return f"{feed_news.said_held_no_longer(source)}{feed_news.said_moved(moved)}"
    if what == "thin":
        if services.now() - noted.since > LOOKED_BACK:
            return ""
        return f"{source} has its usual data for your school again.{feed_news.said_moved(moved)}"
    first = last - LOOKED_BACK
    delivered = services.lake.days_delivered(first, last).get(source, frozenset())
    missing = missing_days(calendar, delivered, min(delivered, default=first), last)
    newest = services.lake.newest_days(last).get(source)
    return feed_news.said_arrived(source, feed_news.KnownDays(newest, missing), calendar, moved)
