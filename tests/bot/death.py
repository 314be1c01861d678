"""A case whose student has died, with helpers to report the death and to decide on it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.interaction import Reply
from bot.posting.channel_card import channel_card
from store.actions.schools.load_roster import load_roster
from store.rules.model import Role
from store.rules.outreach.guards import SendingLimits
from store.rules.schools import Roster, StaffEntry
from store.tables import sandbox_messages
from tests.worker.office import Office, words
from worker.jobs.notices.digests import request_digest, request_messages

RANG = "I rang the registry as well"
KNOWN = "The registry told us this morning"
LINE = "This student has died. All contact has stopped."


@pytest.fixture
def case(office: Office) -> int:
    return office.world.open_case()


def said(reply: Reply) -> str:
    return words(reply.card)


def shown(office: Office, case: int) -> str:
    with office.world.store.database.read() as connection:
        return repr(channel_card(connection, case, office.clock.now, SendingLimits()))


def buttons(office: Office, case: int) -> list[str]:
    with office.world.store.database.read() as connection:
        card = channel_card(connection, case, office.clock.now, SendingLimits())
    return [each.label for each in card.buttons()]


def joins(office: Office, name: str, role: Role) -> None:
    entry = StaffEntry(f"{name}@example.ac.uk", name.title(), (("LANG", role),), sandbox_user=name)
    load_roster(office.world.store, Roster(staff=(entry,)))


def reports(office: Office, case: int, name: str = "alice") -> None:
    dialog = office.dialog(name, "death", case)
    assert office.submits(name, dialog, known=KNOWN) == Reply()


def decides(office: Office, case: int, decision: str, name: str = "lena", why: str = RANG) -> Reply:
    dialog = office.clicks(name, "death", case=case, step="decide").dialog
    assert dialog
    return office.submits(name, dialog, decision=decision, why=why)


# -- Daily and weekly posts do not count the case ------------------------------------------------


def mornings(office: Office, days: int) -> None:
    """Send each school day's digests and reminders, and the weekly post, for so many days."""
    for _ in range(days):
        office.clock.now += dt.timedelta(days=1)
        school, today = office.world.school(), office.world.today
        with office.world.store.unit_of_work() as work:
            request_digest(work, school, today)
            request_messages(work, school, today)
        office.works()


def told(office: Office, since: int) -> str:
    """Return everything posted in the channel and in private after the first ``since``."""
    rows = office.world.rows(sandbox_messages)
    return "\n".join(str(row["payload"]) for row in rows[since:])
