"""Record how students were told of a policy (§22): by which routes, where, and when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from store.rules.errors import InvalidInput
from store.rules.model.labelled import Word
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.date_parsing import day_meant, past_day
from store.rules.text.formatting import counted, listed, long_date, on_day
from store.rules.text.limits import LONGEST_ON_A_CARD, within

ROUTES_NEEDED = 2
_LONG_AGO = 183
"""Days. A date without a year that would be this long past is taken as the coming one."""
_LEAST_SIGNS = 3
"""Letters and figures of a place: ``p12`` is one, ``x`` and ``...`` are none."""


class Route(Word):
    """A way by which a school tells its students."""

    HANDBOOK = "handbook"
    VLE = "vle"
    EMAIL = "email"
    WEBSITE = "website"
    INDUCTION = "induction"
    NOTICE_BOARD = "notice-board"

    @property
    def label(self) -> str:
        """Return the route in plain words."""
        return _LABELS.get(self.value) or super().label


_LABELS = {"vle": "online learning space"}


_CALLED = {
    Route.HANDBOOK: ("handbook", "handbooks"),
    Route.VLE: ("vle", "moodle", "module pages", "blackboard", "canvas", "learning central"),
    Route.EMAIL: ("email", "e-mail", "mail"),
    Route.WEBSITE: ("website", "web page", "web pages", "intranet", "student portal"),
    Route.INDUCTION: ("induction", "welcome week"),
    Route.NOTICE_BOARD: ("notice-board", "notice board", "poster", "posters"),
}


def route_meant(words: str) -> Route | None:
    """Find the route that a policy's words name, as in ``student handbook``; None for others."""
    said = f" {' '.join(words.casefold().replace(',', ' ').split())} "
    for route, names in _CALLED.items():
        if any(f" {name} " in said for name in names):
            return route
    return None


def publication_problems(policy: SchoolPolicy) -> Iterator[str]:
    """Yield a sentence for each thing missing before students count as told.

    Checked when a version is published, and by ``lantern doctor`` for versions in force; a version
    that was published before stays in force all the same.
    """
    known = [route.value for route in Route]
    meant = {words: route_meant(words) for words in policy.approval.published}
    for words, route in meant.items():
        if route is None:
            yield f'approval.published has "{words}"; allowed is a way such as {listed(known)}'
    routes = {route for route in meant.values() if route is not None}
    if len(routes) < ROUTES_NEEDED:
        yield (
            f"approval.published names {counted(len(routes), 'route')} by which students are told; "
            f"allowed is at least {ROUTES_NEEDED} different ones of {listed(known)}"
        )


@dataclass(frozen=True, slots=True)
class Told:
    """Evidence that students were told of a version: where or by which person, and when."""

    route: Route
    place: str
    on: dt.date


def told_by(route: str, place: str, day: str, today: dt.date) -> Told:
    """Check the evidence for one route, as a colleague gave it.

    Raises:
        InvalidInput: the route, the place or the day is not valid; names the field.
    """
    meant = route_meant(route)
    if meant is None:
        known = listed([each.value for each in Route])
        raise InvalidInput(f"Choose a route: {known}.", field="route")
    where = within(" ".join(place.split()), LONGEST_ON_A_CARD, "place")
    if sum(sign.isalnum() for sign in where) < _LEAST_SIGNS:
        raise InvalidInput(
            f"{meant.value}: say where students read it or who told them, such as: page 12 of the "
            "handbook.",
            field="place",
        )
    on = past_day(day, today, "day")
    if (today - on).days > _LONG_AGO and not re.search(r"\d{4}| ago$", day.strip().casefold()):
        coming = day_meant(day, today)
        raise InvalidInput(
            f"{on_day(coming)} is in the future. Record it once students were told; a day of last "
            f"year is written with its year, as in {on.isoformat()}.",
            field="day",
        )
    return Told(meant, where, on)


def told_in(words: str, today: dt.date) -> Told:
    """Read evidence that was typed as one line: ``email: all students, 28 september``.

    Raises:
        InvalidInput: a part of it is missing or wrong.
    """
    route, _, rest = words.partition(":")
    place, comma, day = rest.rpartition(",")
    if not comma:
        raise InvalidInput(
            "Give the route, where or by which person, and the day. "
            "For example: email: to all students, 28 september"
        )
    return told_by(route, place, day, today)


def check_once(told: Iterable[Told]) -> None:
    """Check that no route is given twice at once, since only one of them would be shown.

    Raises:
        InvalidInput: one is; names it.
    """
    seen = set[Route]()
    for each in told:
        if each.route in seen:
            raise InvalidInput(
                f"{each.route.value} is given twice. Give each route once, with its first day."
            )
        seen.add(each.route)


def begins_too_early(policy: SchoolPolicy, told: Iterable[Told], today: dt.date) -> str | None:
    """Return why a version published today cannot begin on its day; None if it can (§21, §22).

    A version applies only to days after it is published and students are told of it.
    """
    effective = policy.approval.effective
    if (late := told_too_late(policy, told)) is not None:
        return late
    if effective < today:
        return (
            f"approval.effective is {effective}, which is before today ({today}); a new version "
            f"cannot apply to days that have passed. Enter {today} or a later day"
        )
    return None


def told_too_late(policy: SchoolPolicy, told: Iterable[Told]) -> str | None:
    """Return a sentence if students were told by a route only after a version began, else None."""
    effective = policy.approval.effective
    newest = max(told, key=lambda each: each.on, default=None)
    if newest is None or newest.on <= effective:
        return None
    return (
        f"the version begins on {long_date(effective)} (approval.effective), but students were "
        f"told by {newest.route.value} only on {long_date(newest.on)}; students are told before a "
        f"version begins. Enter {newest.on} or a later day"
    )


def is_recorded(told: Iterable[Told]) -> bool:
    """Return whether the evidence is of enough routes for a version to come into force (§22)."""
    return len({each.route for each in told}) >= ROUTES_NEEDED


HOW_TO_RECORD = (
    'lantern policy publish FILE --told "handbook: page 12, DAY" --told "email: to all students, '
    'DAY"'
)


def waits_said(version: int) -> str:
    """Say that a version waits for the record of its publication, and how to give it."""
    return (
        f"version {version} waits, and is not in force, until it is recorded where and when "
        f"students were told of it by at least {ROUTES_NEEDED} routes. Record them: "
        f"{HOW_TO_RECORD}. Or let the lead type /lantern publication"
    )


def not_named(policy: SchoolPolicy, told: Iterable[Told]) -> list[str]:
    """Return the routes that have evidence but are not in the policy's own list."""
    named = {route_meant(words) for words in policy.approval.published}
    return [each.route.value for each in told if each.route not in named]


def evidence(policy: SchoolPolicy, told: Iterable[Told]) -> list[tuple[str, Told | None]]:
    """Return each route as the policy words it, with its first evidence or None.

    Telling students again later does not count. Routes that the policy does not name come last,
    under their own names.
    """
    first: dict[Route, Told] = {}
    for each in sorted(told, key=lambda one: one.on):
        first.setdefault(each.route, each)
    meant = {words: route_meant(words) for words in policy.approval.published}
    found: list[tuple[str, Told | None]] = [
        (words, first.get(route) if route else None) for words, route in meant.items()
    ]
    named = set(meant.values())
    return found + [(route.label, each) for route, each in first.items() if route not in named]


def evidence_missing(policy: SchoolPolicy, told: Sequence[Told]) -> list[str]:
    """Return the policy's routes, as it words them, that have no recorded place and day."""
    return [words for words, each in evidence(policy, told) if each is None]
