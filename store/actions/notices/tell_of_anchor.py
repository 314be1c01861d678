"""Send the audit's end to the data protection officers, who keep it outside the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from store.actions.notices.notify import Notice, notify_each
from store.db.unit_of_work import Store
from store.queries.audit_anchors import Anchor, audit_end, sent_anchor
from store.queries.schools.staff import all_schools, protection_officers
from store.rules.model import NoticeKind

EVERY = dt.timedelta(minutes=10)
"""The time between messages, at least: with their delivery, rows wait 15 minutes at most."""


def tell_of_anchor(store: Store, line: Callable[[Anchor], str]) -> bool:
    """Queue a message with the audit's end to every data protection officer.

    ``line`` signs it. Returns False where there is no newer row, or the last message is recent.
    """
    with store.database.read() as connection:
        end, sent = audit_end(connection, store.now()), sent_anchor(connection)
        officers = {
            person: school.id
            for school in all_schools(connection)
            for person in protection_officers(connection, school.id)
        }
    if end is None or not officers:
        return False
    if sent and (sent[0] >= end.seq or end.at - sent[1] < EVERY):
        return False
    with store.unit_of_work() as work:
        notify_each(
            work,
            [
                (
                    person,
                    Notice(NoticeKind.ANCHOR, school, str(end.seq), about=end.seq, words=line(end)),
                )
                for person, school in officers.items()
            ],
        )
    return True
