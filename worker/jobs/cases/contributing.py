"""A case's card in the channels of schools that are not its home school."""

from __future__ import annotations

from bot.cards.cases.contributing import contributing_card
from bot.posting.cards import put
from integrations.bootstrap import Services
from store.delivery import outbox
from store.delivery.outbox import OutboxRow
from store.policies.versions import policy_in_force
from store.queries.cases.contributing import contributing_view, schools_concerned
from store.rules.calendar import Calendar, institution_day
from store.rules.cases.case import Case
from store.rules.model import OutboxKind


def spread(services: Services, case: Case) -> None:
    """Once the home school's card is shown: a row of its own for each other school concerned.

    A channel that cannot be reached then keeps no other waiting.
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
    """What the row's school may know of a case whose home is another school, as it is now."""
    day = institution_day(services.now())
    with services.store.database.read() as connection:
        view = contributing_view(connection, row.case_id, row.school, day)
        published = policy_in_force(connection, row.school, day)
    if view is None:
        return
    calendar = published.policy.calendar if published else Calendar()
    card = contributing_card(view, calendar)
    put(services.store, services.workspaces, row.school, f"case:{row.case_id}", card)
