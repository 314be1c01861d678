"""A case's card out of the outbox, into the channels of its home school."""

from __future__ import annotations

from bot.posting.cards import put
from bot.posting.channel_card import channel_card
from integrations.bootstrap import Services
from store.db import repository
from store.delivery.outbox import OutboxRow
from store.rules.calendar import institution_day
from store.rules.model import OutboxState
from worker.jobs.cases.contributing import show_elsewhere, spread


def show_case(services: Services, row: OutboxRow) -> OutboxState:
    """The case as it is now: a row for an older version shows the newest just as well.

    Another worker may show a newer version between our reading and our writing, and would be
    written over, so the case is looked at once more.
    """
    version = 0
    while version != (version := _case_version(services, row.case_id)):
        _show_case_once(services, row)
    return OutboxState.SENT


def _case_version(services: Services, case: int) -> int:
    with services.store.database.read() as connection:
        return repository.case(connection, case).version


def _show_case_once(services: Services, row: OutboxRow) -> None:
    with services.store.database.read() as connection:
        case = repository.case(connection, row.case_id)
        card = channel_card(connection, case.id, institution_day(services.now()))
    if row.school != case.school:
        show_elsewhere(services, row)
        return
    put(services.store, services.workspaces, case.school, f"case:{case.id}", card)
    spread(services, case)
