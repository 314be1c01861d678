"""What adapters remember between processes: all that they ask of the record store.

An adapter knows these few questions and no room of the store; which room answers stands here.
"""

from __future__ import annotations

import datetime as dt

from store.db.unit_of_work import Store
from store.delivery import mailbox_state, post_intents, rate_limit
from store.platforms import slack, teams
from store.platforms.slack import Installation
from store.queries.outreach.mail_marks import may_be_ours
from store.rules.outreach.mail_match import Marks
from store.rules.outreach.sending_pace import SendingRate

__all__ = ["Installation", "MailboxRecords", "SlackRecords", "Store", "TeamsRecords"]


class SlackRecords:
    """Messages that are about to be posted, whose turn it is, and tokens."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.now = store.now

    def begun_at(self, name: str) -> dt.datetime | None:
        """Say since when a message of this name may stand there; None where it cannot."""
        return post_intents.intent_since(self._store, name)

    def begin(self, name: str, kept: dt.timedelta) -> None:
        """Record that a message is about to be posted; delete records older than ``kept``."""
        post_intents.record_intent(self._store, name, kept)

    def take_back(self, name: str) -> None:
        """Delete the record of a message that was certainly refused."""
        post_intents.take_back(self._store, name)

    def take_turn(
        self, name: str, every: dt.timedelta, longest: dt.timedelta
    ) -> tuple[dt.timedelta, bool]:
        """Reserve a conversation's next slot; return the wait, and whether it is reserved."""
        return rate_limit.reserve_slot(self._store, name, every, longest)

    def put_off(self, name: str, wait: dt.timedelta) -> None:
        """Delay a conversation's next message by ``wait``."""
        rate_limit.put_off(self._store, name, wait)

    def installation(self, team: str) -> Installation | None:
        """Return the tokens of a workspace or organisation; None where they cannot be read."""
        return slack.installation(self._store, team)

    def claim_renewal(self, team: str, until: dt.datetime) -> bool:
        """Say whether this process alone renews the team's token until then."""
        return slack.claim_renewal(self._store, team, until)

    def renew(self, given: Installation) -> None:
        """Save a token that Slack renewed, for all workers."""
        slack.renew(self._store, given)


class TeamsRecords:
    """Where Teams answers, and which conversations are a school's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def service_url(self, tenant: str) -> str | None:
        """Say where Teams answers for this tenant; None before its first activity."""
        return teams.service_url(self._store, tenant)

    def school_conversations(self, tenant: str) -> list[str]:
        """Return the channels of the schools of a tenant, the first one first."""
        return teams.school_conversations(self._store, tenant)


class MailboxRecords:
    """When a mailbox may send next, how far it is read, and which email is Lantern's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.now = store.now

    def take_turn(self, mailbox: str, pace: SendingRate) -> tuple[dt.timedelta, bool]:
        """Reserve this mailbox's next sending slot; return the wait, and whether it is reserved."""
        return rate_limit.reserve_mailbox_slot(self._store, mailbox, pace)

    def read_up_to(self, mailbox: str) -> str | None:
        """Return the mark of what has been read and recorded; None before the first time."""
        return mailbox_state.read_up_to(self._store, mailbox)

    def remember_read(self, mailbox: str, mark: str) -> None:
        """Keep the mark, now that everything before it is recorded."""
        mailbox_state.remember_read(self._store, mailbox, mark)

    def may_be_ours(self, marks: Marks) -> bool:
        """Say whether an email may answer one that Lantern sent."""
        with self._store.database.read() as connection:
            return may_be_ours(connection, marks, self._store.now())
