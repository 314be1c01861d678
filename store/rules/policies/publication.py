"""By which ways students were told of a policy (§22): the words that the product knows."""

from __future__ import annotations

from collections.abc import Iterator

from store.rules.model.labelled import Word
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import counted, listed

ROUTES_NEEDED = 2


class Route(Word):
    """A way by which a school tells its students."""

    HANDBOOK = "handbook"
    VLE = "vle"
    EMAIL = "email"
    WEBSITE = "website"
    INDUCTION = "induction"
    NOTICE_BOARD = "notice-board"


_CALLED = {
    Route.HANDBOOK: ("handbook", "handbooks"),
    Route.VLE: ("vle", "moodle", "module pages", "blackboard", "canvas", "learning central"),
    Route.EMAIL: ("email", "e-mail", "mail"),
    Route.WEBSITE: ("website", "web page", "web pages", "intranet", "student portal"),
    Route.INDUCTION: ("induction", "welcome week"),
    Route.NOTICE_BOARD: ("notice-board", "notice board", "poster", "posters"),
}


def route_meant(words: str) -> Route | None:
    """The route that a policy's words name, as in ``student handbook``; None for other words."""
    said = f" {' '.join(words.casefold().replace(',', ' ').split())} "
    for route, names in _CALLED.items():
        if any(f" {name} " in said for name in names):
            return route
    return None


def publication_problems(policy: SchoolPolicy) -> Iterator[str]:
    """What is missing before students count as told: a sentence each.

    Asked when a version is checked and published, and of versions in force by who looks after
    them; a version that was published before goes on all the same.
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
