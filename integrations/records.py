"""The interface to the record store for adapters: all the state they share between processes.

An adapter knows only these protocols and no module of the store; the functions that fulfil them are
wired here.
"""

from __future__ import annotations

import datetime as dt

from store.db.unit_of_work import Store
from store.delivery import mailbox_state, post_intents, rate_limit
from store.platforms import slack, teams
from store.platforms.slack import Installation
from store.queries.outreach.mail_marks import is_recorded, may_be_ours
from store.rules.outreach.mail_match import Marks
from store.rules.outreach.sending_pace import SendingRate

__all__ = ["Installation", "MailboxRecords", "SlackRecords", "Store", "TeamsRecords"]


class SlackRecords:
    """Intents to post, rate limits and tokens, for Slack."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.now = store.now

    def begun_at(self, name: str) -> dt.datetime | None:
        """Return since when a message of this name may have been posted; None: it was not."""
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
        """Claim the renewal of the team's token until then; False where another process has it."""
        return slack.claim_renewal(self._store, team, until)

    def renew(self, given: Installation) -> None:
        """Save a token that Slack renewed, for all workers."""
        slack.renew(self._store, given)


class TeamsRecords:
    """Service URLs, rate limits and schools' conversations, for Teams."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def service_url(self, tenant: str) -> str | None:
        """Return the service URL of this tenant; None before its first activity."""
        return teams.service_url(self._store, tenant)

    def school_conversations(self, tenant: str) -> list[str]:
        """Return the channels of the schools of a tenant, the first one first."""
        return teams.school_conversations(self._store, tenant)


class MailboxRecords:
    """Rate limits and read positions of mailboxes, and recognition of Lantern's emails."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.now = store.now

    def take_turn(self, mailbox: str, pace: SendingRate) -> tuple[dt.timedelta, bool]:
        """Reserve this mailbox's next sending slot; return the wait, and whether it is reserved."""
        return rate_limit.reserve_mailbox_slot(self._store, mailbox, pace)

    def read_up_to(self, mailbox: str) -> str | None:
        """Return the marker of the last position read and recorded; None before the first."""
        return mailbox_state.read_up_to(self._store, mailbox)

    def remember_read(self, mailbox: str, mark: str | None) -> None:
        """Save the marker, once everything before it is recorded; None begins anew."""
        mailbox_state.remember_read(self._store, mailbox, mark)

    def is_recorded(self, message: str) -> bool:
        """Return whether this message of a mailbox is recorded already, by its id there."""
        with self._store.database.read() as connection:
            return is_recorded(connection, message)

    def may_be_ours(self, marks: Marks) -> bool:
        """Return whether an email may answer one that Lantern sent."""
        with self._store.database.read() as connection:
            return may_be_ours(connection, marks, self._store.now())
