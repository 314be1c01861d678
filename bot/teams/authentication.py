"""Authenticate the person behind a Teams activity; guests and other tenants are refused."""

from __future__ import annotations

import datetime as dt

from bot.interaction import Person
from bot.recent_lookups import RecentLookups, refuse_stranger
from bot.teams.inbound_request import InboundRequest
from integrations.chat.interface import Address, DeliveryError
from integrations.chat.teams.errors import TeamsError
from integrations.chat.teams.members import Member
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.fault_log import log_failure
from store.db.unit_of_work import Store
from store.rules.errors import CaseworkError, NotAllowed
from store.rules.model import Platform

KEEP = dt.timedelta(minutes=5)
"""How long a check that a person is no guest is valid. Their roles are read each time."""
NOT_IN_IT = 403
"""The error that Teams gives a bot that is not part of a conversation."""

OUTSIDER = "Guests and people of other institutions cannot use Lantern."
UNKNOWN_HERE = "Add Lantern to your own chats in Teams first, then try again here."
UNSURE = "Microsoft Teams did not say who you are. Try again in a few minutes."


class Authenticator:
    """Looks people up in the conversation that they act in."""

    def __init__(self, store: Store, workspace: TeamsWorkspace) -> None:
        self._store = store
        self._workspace = workspace
        self._known: RecentLookups[tuple[str, str, str], Member] = RecentLookups(store, KEEP)

    @property
    def believes_anybody(self) -> bool:
        """Return whether this is the playground, whose directory has none of our users."""
        return self._workspace.account.is_playground

    def person(self, arrived: InboundRequest) -> Person:
        """Identify who acts, for the dispatcher, which knows who is enrolled.

        Raises:
            NotAllowed: the person is a guest, or not a member of the institution.
            CaseworkError: Teams does not answer; no one is let in unchecked.
        """
        if not self.believes_anybody:
            self.member(arrived)
        return Person(Platform.TEAMS, arrived.tenant, arrived.user)

    def member(self, arrived: InboundRequest) -> Member:
        """Return the directory's entry of the person who acts. Raises as ``person`` does."""
        if not arrived.user:
            raise self.refusal("no account")
        key = (arrived.tenant, arrived.conversation, arrived.user)
        if known := self._known.get(key):
            return known
        found = self._look_up(arrived)
        self._known.put(key, found)
        return found

    def forget(self, arrived: InboundRequest) -> None:
        """Look up everyone of this conversation again, since its members have changed."""
        self._known.forget(lambda key: key[1] == arrived.conversation)

    def refusal(self, why: str) -> NotAllowed:
        """Audit a refusal, and return it."""
        return refuse_stranger(self._store, Platform.TEAMS, OUTSIDER, why)

    def _look_up(self, arrived: InboundRequest) -> Member:
        address = Address(Platform.TEAMS, arrived.tenant, arrived.conversation)
        try:
            found = self._workspace.member(address, arrived.user)
        except TeamsError as error:
            if error.status != NOT_IN_IT:
                raise _unsure(error) from None
            found = self._look_up_alone(arrived)
        except DeliveryError as error:
            raise _unsure(error) from None
        if found is None or found.user != arrived.user or found.is_outsider(arrived.tenant):
            raise self.refusal("outsider")
        return found

    def _look_up_alone(self, arrived: InboundRequest) -> Member | None:
        """Look the person up in their own chat with Lantern, for a message extension or its card:
        these are used in chats that Lantern cannot look into."""
        try:
            chat = self._workspace.direct(arrived.tenant, arrived.user)
            return self._workspace.member(chat, arrived.user)
        except TeamsError as error:
            if error.status != NOT_IN_IT:
                raise _unsure(error) from None
            raise CaseworkError(UNKNOWN_HERE) from None
        except DeliveryError as error:
            raise _unsure(error) from None


def _unsure(error: DeliveryError) -> CaseworkError:
    log_failure("person not looked up", error)
    return CaseworkError(UNSURE, permanent=False)
