"""Post cases' cards from the outbox to the channels of the schools concerned."""

from __future__ import annotations

from bot.cards.cases.contributing import contributing_card
from bot.posting.cards import put_card
from bot.posting.channel_card import channel_card
from integrations.bootstrap import Services
from store.db import repository
from store.delivery import outbox
from store.delivery.claims import OutboxRow
from store.policies.versions import policy_in_force
from store.queries.cases.contributing import contributing_view, schools_concerned
from store.rules.calendar import Calendar, institution_day
from store.rules.cases.case import Case
from store.rules.model import OutboxKind, OutboxState
from worker.jobs.cases import chart_pictures


def spread(services: Services, case: Case) -> None:
    """Add an outbox row for each contributing school, once the home school's card is posted.

    So a channel that cannot be reached delays no other.
    """
    with services.store.database.read() as connection:
        others = schools_concerned(connection, case)
    if not others:
        return
    with services.store.unit_of_work() as work:
        for school in others:
            outbox.put(
                work,
                OutboxKind.CARD,
                f"card:{case.id}:{case.version}:{school}",
                school=school,
                case=case.id,
            )


def show_elsewhere(services: Services, row: OutboxRow) -> None:
    """Post the current contributing card of a case in a contributing school's channel."""
    day = institution_day(services.now())
    with services.store.database.read() as connection:
        view = contributing_view(connection, row.case_id, row.school, day)
        published = policy_in_force(connection, row.school, day)
    if view is None:
        return
    calendar = published.policy.calendar if published else Calendar()
    card = contributing_card(view, calendar)
    put_card(services.store, services.workspaces, row.school, f"case:{row.case_id}", card)


def post_case_card(services: Services, row: OutboxRow) -> OutboxState:
    """Post or update the card of a case as it is now, whatever version the row is for.

    Another worker may post a newer version between our reading and our writing. So the case is
    read again, until its version has not changed.
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
        card = channel_card(connection, case.id, services.now(), services.store.limits)
    if row.school != case.school:
        show_elsewhere(services, row)
        return
    shown = chart_pictures.held_for(services, case, card)
    subject = f"case:{case.id}"
    refused = put_card(services.store, services.workspaces, case.school, subject, card, shown.files)
    chart_pictures.after_card(services, case, shown, refused)
    spread(services, case)
