"""The fake Teams: conversations with people and messages, limits and faults."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import httpx

from tests.fakes.graph.entra import CLIENT, TENANT
from tests.fakes.teams.entra import BotEntra
from tests.fakes.teams.keys import SigningKeys

HOST = "smba.trafficmanager.net"
SERVICE_URL = f"https://{HOST}/emea/{TENANT}/"
LARGEST = 28 * 1024
LIMITS = ((7, 1), (8, 2), (60, 30), (1800, 3600))
LOST = 0
"""A fault: the request has its effect, and the connection ends without an answer."""

_PATH = re.compile(r"/smba/(?:teams|emea/[^/]+)/v3/conversations(?:/([^/]+)/(.+))?")


@dataclass
class TeamsPerson:
    """A person in the directory."""

    user: str
    address: str
    name: str
    tenant: str = TENANT
    role: str = "user"
    mail: str | None = None
    """The email address, where it is not the sign-in name."""

    @property
    def mention(self) -> str:
        return f"29:{self.user}"

    def account(self) -> dict[str, Any]:
        """Return the account as the connector lists members."""
        return {
            "id": self.mention,
            "objectId": self.user,
            "aadObjectId": self.user,
            "name": self.name,
            "userPrincipalName": self.address,
            "email": self.address if self.mail is None else self.mail,
            "tenantId": self.tenant,
            "userRole": self.role,
        }


@dataclass
class Message:
    """A message in a conversation."""

    id: str
    conversation: str
    root: str | None
    activity: dict[str, Any]
    edits: int = 0

    @property
    def card(self) -> dict[str, Any]:
        content: dict[str, Any] = self.activity["attachments"][0]["content"]
        return content


@dataclass
class FakeTeams:
    """A server for ``httpx.Request``s, in this process or behind ``serving``, also in parallel."""

    now: Callable[[], dt.datetime]
    pem: str = ""
    members: dict[str, list[TeamsPerson]] = field(default_factory=dict)
    """The members of each conversation."""
    messages: dict[str, Message] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    too_many: int = 0
    faults: list[tuple[str, int]] = field(default_factory=list)
    """(kind of request, status), each used once and in order for its kind."""
    without_app: set[str] = field(default_factory=set)
    """Object ids of people who have not added the app to their own chats."""
    unreachable: set[str] = field(default_factory=set)
    """People without the app that it cannot message at all: they blocked it, or a policy does."""
    has_targeted: bool = True
    targeted: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    """Messages that one person of a conversation sees: id → conversation, roster id, activity."""
    opened_by: list[str] = field(default_factory=list)
    """The ids with which chats with one person were opened."""
    retry_after: str = "2"
    page: int = 2

    def __post_init__(self) -> None:
        self.keys = SigningKeys()
        self.entra = BotEntra(self.now, self.pem)
        self._lock = threading.Lock()
        self._sent: defaultdict[str, list[dt.datetime]] = defaultdict(list)
        self._count = 1_700_000_000_000

    def channel(self, conversation: str, *people: TeamsPerson) -> None:
        """Add a channel in which the bot is a member."""
        self.members[conversation] = list(people)

    def direct(self, person: TeamsPerson) -> str:
        """Return the chat with one person."""
        conversation = f"a:chat-{person.user}"
        self.members[conversation] = [person]
        return conversation

    def shown(self, conversation: str) -> list[Message]:
        """Return the messages of a conversation, the oldest first."""
        return [each for each in self.messages.values() if each.conversation == conversation]

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Answer a request. Raises ``httpx.ReadError`` if there is no answer."""
        path = request.url.raw_path.decode().partition("?")[0]
        with self._lock:
            if path.startswith("/entra/"):
                return self.entra.answer(request)
            if path == "/bot/v1/.well-known/openidconfiguration":
                return httpx.Response(200, json=self.keys.metadata())
            if path == "/bot/v1/.well-known/keys":
                return httpx.Response(200, json=self.keys.jwks())
            return self._connector(request, path)

    def _connector(self, request: httpx.Request, path: str) -> httpx.Response:
        found = _PATH.fullmatch(path)
        if found is None:
            return _error(404, "NotFound")
        if not self.entra.lets_in(request.headers.get("Authorization", "")):
            return _error(401, "Unauthorized")
        conversation, rest = unquote(found[1] or ""), unquote(found[2] or "")
        kind = f"{request.method} {rest.partition('/')[0]}".strip()
        self.asked[kind] += 1
        fault = self._fault(kind)
        if fault:
            headers = {"Location": "https://evil.example/"} if fault == 307 else {}
            if fault == 429 and self.retry_after:
                headers = {"Retry-After": self.retry_after}
            return _error(fault, "Faulty", headers)
        if len(request.content) > LARGEST:
            return _error(413, "MessageSizeTooBig")
        answer = self._act(request, conversation, rest)
        if fault == LOST:
            raise httpx.ReadError("lost")
        return answer

    def _fault(self, kind: str) -> int | None:
        for entry in self.faults:
            if entry[0] == kind:
                self.faults.remove(entry)
                return entry[1]
        return None

    def _act(self, request: httpx.Request, conversation: str, rest: str) -> httpx.Response:
        if not conversation:
            return self._converse(json.loads(request.content))
        plain, _, root = conversation.partition(";messageid=")
        if plain not in self.members:
            return _error(403, "BotNotInConversationRoster")
        if rest.startswith(("members/", "pagedmembers")):
            return self._people(request, plain, rest)
        if self._is_too_fast(plain):
            self.too_many += 1
            return _error(429, "TooManyRequests", {"Retry-After": self.retry_after})
        return self._message(request, plain, root or None, rest)

    def _converse(self, asked: dict[str, Any]) -> httpx.Response:
        if asked["bot"]["id"] != f"28:{CLIENT}" or asked["isGroup"]:
            return _error(400, "BadSyntax")
        wanted = asked["members"][0]["id"]
        self.opened_by.append(wanted)
        people = {person.user: person for each in self.members.values() for person in each}
        rosters = {person.mention: person for person in people.values()}
        found = people.get(wanted) or rosters.get(wanted)
        if found is None or found.user in self.unreachable:
            return _error(403, "ForbiddenOperationException")
        if wanted == found.user and found.user in self.without_app:
            # The directory's id works only for people who have the app in their own chats.
            return _error(403, "ForbiddenOperationException")
        return httpx.Response(201, json={"id": self.direct(found)})

    def _people(self, request: httpx.Request, conversation: str, rest: str) -> httpx.Response:
        there = self.members[conversation]
        if rest.startswith("members/"):
            wanted = rest.removeprefix("members/")
            found = [each for each in there if wanted in (each.user, each.mention)]
            if not found:
                return _error(404, "NotFound")
            return httpx.Response(200, json=found[0].account())
        start = int(request.url.params.get("continuationToken", "0"))
        shown = [each.account() for each in there[start : start + self.page]]
        more = str(start + self.page) if len(there) > start + self.page else None
        return httpx.Response(200, json={"members": shown, "continuationToken": more})

    def _message(
        self, request: httpx.Request, conversation: str, root: str | None, rest: str
    ) -> httpx.Response:
        message = rest.removeprefix("activities").removeprefix("/")
        if request.url.params.get("isTargetedActivity") == "true":
            return self._aside(request, conversation, message)
        if self._is_chat_of(conversation, self.unreachable):
            return _error(403, "MessageWritesBlocked")
        if request.method == "POST":
            self._count += 1
            made = Message(str(self._count), conversation, root, json.loads(request.content))
            self.messages[made.id] = made
            return httpx.Response(201, json={"id": made.id})
        known = self.messages.get(message)
        if known is None or known.conversation != conversation:
            return _error(404, "ActivityNotFoundInConversation")
        if request.method == "DELETE":
            del self.messages[message]
            return httpx.Response(200)
        known.activity = json.loads(request.content)
        known.edits += 1
        return httpx.Response(200, json={"id": message})

    def _is_chat_of(self, conversation: str, users: set[str]) -> bool:
        there = self.members[conversation]
        return conversation.startswith("a:") and bool({each.user for each in there} & users)

    def _aside(self, request: httpx.Request, conversation: str, message: str) -> httpx.Response:
        """Post a targeted message to one member of a channel or group chat, by the roster's id."""
        if not self.has_targeted:
            return _error(403, "NotEnoughPermissions")
        if not message:
            return self._new_aside(conversation, json.loads(request.content))
        if message not in self.targeted:
            return _error(404, "ActivityNotFoundInConversation")
        old = self.targeted.pop(message)
        if request.method == "PUT":
            self.targeted[message] = (*old[:2], json.loads(request.content))
        return httpx.Response(200, json={"id": message})

    def _new_aside(self, conversation: str, activity: dict[str, Any]) -> httpx.Response:
        to = activity.get("recipient", {})
        if conversation.startswith("a:") or to.get("isTargeted") is not True:
            return _error(400, "BadSyntax")
        if to.get("id") not in {each.mention for each in self.members[conversation]}:
            return _error(404, "MemberNotFoundInConversation")
        self._count += 1
        self.targeted[str(self._count)] = (conversation, to["id"], activity)
        return httpx.Response(201, json={"id": str(self._count)})

    def _is_too_fast(self, conversation: str) -> bool:
        now, sent = self.now(), self._sent[conversation]
        sent.append(now)
        return any(
            sum(now - each < dt.timedelta(seconds=seconds) for each in sent) > number
            for number, seconds in LIMITS
        )


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> httpx.Response:
    words = "About Dana Dvorak and dana@students.example.ac.uk"
    return httpx.Response(
        status, json={"error": {"code": code, "message": words}}, headers=headers or {}
    )
