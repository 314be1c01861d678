"""The pictures with which a case's card shows its chart, on platforms that show only their own.

A card is posted at once, with its chart in characters; its picture follows, at a pace that leaves
room for colleagues' clicks, and then the card is updated. Where a platform does not take pictures,
such as an older installation of the app without the scope, the characters stay, without a notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards.kit.model import Card, Chart
from bot.platforms import PICTURES
from bot.posting.chart_pictures import chart_of, digest
from integrations.bootstrap import Services
from integrations.chat.interface import PictureKeeper
from store.db.database import Connection
from store.delivery import closed_channels, pictures
from store.delivery.pictures import Picture
from store.queries.schools.staff import school_channels
from store.rules.cases.case import Case
from store.rules.model import Platform

Place = tuple[Platform, str]
"""A platform and a tenant of it."""


@dataclass(frozen=True, slots=True)
class ShownPictures:
    """The pictures with which a card is shown now: ``shows`` is the digest of its chart, '' for
    none; ``wanted`` are the places that have no picture of it yet."""

    shows: str
    known: tuple[Picture, ...]
    wanted: tuple[Place, ...]

    @property
    def files(self) -> Mapping[Place, str]:
        """The file of each place that holds the right picture."""
        right = (each for each in self.known if each.is_usable and each.shows == self.shows)
        return {(each.platform, each.tenant): each.file for each in right}


def held_for(services: Services, case: Case, card: Card) -> ShownPictures:
    """Return the pictures of the card's chart, and where there are none yet."""
    if not keepers(services):
        return ShownPictures("", (), ())
    chart = chart_of(card)
    with services.store.database.read() as connection:
        return held(services, connection, case, chart)


def held(
    services: Services, connection: Connection, case: Case, chart: Chart | None
) -> ShownPictures:
    """Return the pictures of this chart of the case, as ``held_for`` does."""
    known = tuple(pictures.pictures_of(connection, case.id))
    if chart is None:
        return ShownPictures("", known, ())
    shows, closed = digest(chart), closed_channels.closed_channels(connection)
    places = {
        (each.platform, each.tenant)
        for each in school_channels(connection, case.school)
        if each.platform in keepers(services) and each.id not in closed
    }
    have = {(each.platform, each.tenant) for each in known if each.shows == shows}
    return ShownPictures(shows, known, tuple(sorted(places - have)))


def after_card(
    services: Services, case: Case, shown: ShownPictures, refused: frozenset[str]
) -> None:
    """Record what became of the pictures of a card that stands in its channels now."""
    for each in shown.known:
        if each.file in refused:
            pictures.count_refusal(services.store, each, case.school)
    if shown.wanted:
        pictures.ask_for(services.store, case.id, case.school, shown.shows)
    over = [each for each in shown.known if each.shows != shown.shows and not each.over_at]
    if over:
        with services.store.unit_of_work() as work:
            pictures.mark_over(work, over)


def keepers(services: Services) -> Mapping[Platform, PictureKeeper]:
    """Return the platforms to which pictures are handed."""
    found = {}
    for each in PICTURES:
        workspace: object = services.workspaces.get(each)
        if isinstance(workspace, PictureKeeper):
            found[each] = workspace
    return found
