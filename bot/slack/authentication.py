"""Authenticate the person behind a Slack request.

A valid signature proves that Slack sent it, not who may act.
"""

from __future__ import annotations

import datetime as dt

from bot.interaction import Person
from bot.recent_lookups import RecentLookups, refuse_stranger
from bot.slack.inbound_request import InboundRequest
from integrations.chat.interface import DeliveryError
from integrations.chat.slack.users import Account
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.fault_log import log_failure
from store.db.unit_of_work import Store
from store.queries.schools.staff import actor_by_identity
from store.rules.errors import CaseworkError, NotAllowed
from store.rules.model import Platform

KEEP = dt.timedelta(minutes=1)
"""How long a check that a person is no guest is valid. Their roles are read each time."""

OUTSIDER = "Guests, bots and people of other workspaces cannot use Lantern."
INACTIVE = "This Slack account is deactivated."
UNSURE = "Slack did not say who you are. Try again in a few minutes."


class Authenticator:
    """Refuses and audits everyone who is not a full member of the workspace."""

    def __init__(self, store: Store, workspace: SlackWorkspace) -> None:
        self._store = store
        self._workspace = workspace
        self._known: RecentLookups[tuple[str, str], Account] = RecentLookups(store, KEEP)

    def person(self, arrived: InboundRequest) -> Person:
        """Identify who acts, for the dispatcher, which knows who is enrolled.

        Raises:
            NotAllowed: the person is from another workspace, a guest, a bot, or deactivated.
            CaseworkError: Slack does not answer; no one is let in unchecked.
        """
        team = arrived.team
        if team not in self._workspace.account.teams:
            raise self._refusal(OUTSIDER, "team")
        account = self._account(team, arrived.user)
        if not account.is_active:
            raise self._refusal(INACTIVE, "deactivated")
        # In an organisation the request may name another of its workspaces as the person's own, or
        # the organisation, or nothing; their account says what they are.
        at_home = arrived.home in ("", team, arrived.organisation) or account.is_of(arrived.home)
        if account.is_outsider(team) or not at_home:
            raise self._refusal(OUTSIDER, "outsider")
        return Person(Platform.SLACK, self._enrolled_in(team, account), arrived.user)

    def _enrolled_in(self, team: str, account: Account) -> str:
        """Find where this person is enrolled.

        An account is the same in a whole organisation, and the list of teams may name one of its
        workspaces too.
        """
        others = (account.organisation, account.team, *sorted(account.workspaces))
        places = [team, *(each for each in others if each in self._workspace.account.teams)]
        if len(set(places)) == 1:
            return team
        with self._store.database.read() as connection:
            for place in places:
                if actor_by_identity(connection, Platform.SLACK, place, account.user):
                    return place
        return team

    def forget(self, team: str, user: str) -> None:
        """Look this person up again at the next request, since their account has changed."""
        self._known.forget(lambda known: known == (team, user))

    def _account(self, team: str, user: str) -> Account:
        if known := self._known.get((team, user)):
            return known
        try:
            found = self._workspace.account_of(team, user) if user else None
        except DeliveryError as error:
            log_failure("person not looked up", error)
            raise CaseworkError(UNSURE, permanent=False) from None
        if found is None:
            raise self._refusal(OUTSIDER, "unknown")
        self._known.put((team, user), found)
        return found

    def _refusal(self, sentence: str, why: str) -> NotAllowed:
        return refuse_stranger(self._store, Platform.SLACK, sentence, why)
