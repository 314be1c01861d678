"""Find the problems with a school's sources: late, thin, corrected, or lacking work."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from integrations.activity.class_work import held_now
from integrations.activity.day_notes import EVERYWHERE
from integrations.activity.errors import LakeError
from integrations.activity.feed_health import ThinDay, thin_now
from integrations.activity.measured import corrected_lately, first_of
from integrations.activity.relations import agreed_sources
from integrations.bootstrap import Services
from integrations.feeds.ledger.deliveries import Entry, Ledger
from store.queries.schools import feeds as queries
from store.rules.calendar import institution_day
from store.rules.flag_rules.arrivals import TOLD_AFTER, HeldWork
from store.rules.flag_rules.base import through
from store.rules.model import MarkerFamily
from store.rules.notices import feed_news
from worker.jobs.schools.feed_problems import LOOKED_BACK, AgreedFeeds, Problem


def of_sources(
    services: Services, schools: Sequence[AgreedFeeds], day: dt.date
) -> Iterator[Problem]:
    """Find the sources that are late, or that have far less data than they usually have."""
    entries = Ledger(services.lake).entries()
    thin = thin_by_school(services, schools, day)
    held = _held_by_school(services, schools, day)
    notes = services.lake.notes(first_of(day), through(day))
    corrected = corrected_lately(notes, day)
    for each in schools:
        yield from _late(services, each, entries, day)
        yield from _thin(each, thin)
        yield from _held(each, held)
        yield from _corrected(each, corrected)


def thin_by_school(
    services: Services, schools: Iterable[AgreedFeeds], day: dt.date
) -> Mapping[tuple[str, str], list[dt.date]]:
    """Map source and school to the days of the last two weeks with unusually little data; empty
    without a roster."""
    found: dict[tuple[str, str], list[dt.date]] = defaultdict(list)
    try:
        thin: list[ThinDay] = thin_now(
            services.lake, day, agreed_sources(each.policy for each in schools), day - LOOKED_BACK
        )
    except LakeError:
        return found  # There is no roster yet, so nothing is monitored.
    calendars = {each.school.code: each.policy.calendar for each in schools}
    for source, school, on in thin:
        for code in calendars if school == EVERYWHERE else [school]:
            of_school = found[source, code]
            if code in calendars and calendars[code].asks_for_data(on) and on not in of_school:
                of_school.append(on)
    return found


def _held_by_school(
    services: Services, schools: Iterable[AgreedFeeds], day: dt.date
) -> Mapping[tuple[str, str], list[HeldWork]]:
    """Map source and school to the work that has not arrived and was due long enough ago to tell;
    empty without a roster."""
    found: dict[tuple[str, str], list[HeldWork]] = defaultdict(list)
    try:
        held = held_now(services.lake, day, agreed_sources(each.policy for each in schools))
    except LakeError:
        return found
    for each in held:
        if each.work.due < day - TOLD_AFTER:
            found[each.work.source, each.work.school].append(each)
    return found


def arrivals(entries: Iterable[Entry], source: str) -> list[feed_news.Arrival]:
    """List the deliveries with newer days than before: (day of arrival, newest day known
    before)."""
    of_source = [each for each in entries if each.source == source and each.covered]
    found: list[feed_news.Arrival] = []
    newest: dt.date | None = None
    for entry in of_source:
        last = entry.covered[-1][1]
        if newest is not None and last > newest:
            found.append((institution_day(entry.arrived), newest))
        newest = last if newest is None else max(newest, last)
    return found


def _late(
    services: Services, each: AgreedFeeds, entries: list[Entry], day: dt.date
) -> Iterator[Problem]:
    newest = services.lake.newest_days(through(day))
    calendar = each.policy.calendar
    for source, families in each.families.items():
        last = newest.get(source)
        if last is None:
            continue
        allowed = feed_news.late_after(calendar, arrivals(entries, source)[-8:], families)
        if feed_news.missing_after(calendar, last, day) <= allowed:
            continue
        with services.store.database.read() as connection:
            rests = queries.count_dependent_cases(connection, each.school.id, source)
        reason = feed_news.said_late(source, families, last, rests)
        yield Problem(f"late:{source}:{each.school.id}", each.school.id, reason)


def _thin(each: AgreedFeeds, thin: Mapping[tuple[str, str], list[dt.date]]) -> Iterator[Problem]:
    for source in each.families:
        if days := thin.get((source, each.school.code)):
            reason = feed_news.said_thin(source, days, each.policy.calendar)
            yield Problem(f"thin:{source}:{each.school.id}", each.school.id, reason)


def _held(
    each: AgreedFeeds, held: Mapping[tuple[str, str], Sequence[HeldWork]]
) -> Iterator[Problem]:
    for source in each.families:
        if works := held.get((source, each.school.code)):
            reason = feed_news.said_held(source, works)
            yield Problem(f"work:{source}:{each.school.id}", each.school.id, reason)


def _corrected(each: AgreedFeeds, corrected: Collection[str]) -> Iterator[Problem]:
    """Tell of the sources of submitted work alone: no other rule waits for corrections."""
    for source, families in each.families.items():
        if source in corrected and MarkerFamily.SUBMISSIONS in families:
            reason = feed_news.said_corrected(source)
            yield Problem(f"corrected:{source}:{each.school.id}", each.school.id, reason)
