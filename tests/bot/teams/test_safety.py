"""Requests that Teams did not send have no effect."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.bot.teams.campus import LANG, OTHER_TENANT, Campus
from tests.bot.teams.hosts import NOT_OURS
from tests.fakes.graph.entra import CLIENT, TENANT
from tests.fakes.teams.keys import claims_for, private_key
from tests.fakes.teams.service import HOST, SERVICE_URL

Json = dict[str, Any]

Mutation = Callable[[Json, Json, Json], None]
"""A change to an activity, to the claims of its token or to the token's header."""


def _claim(name: str, *values: object) -> list[Mutation]:
    def mutate(value: object, _activity: Json, claims: Json, _header: Json) -> None:
        claims[name] = value

    return [partial(mutate, value) for value in values]


def _body(path: str, *values: object) -> list[Mutation]:
    def mutate(value: object, activity: Json, _claims: Json, _header: Json) -> None:
        *above, last = path.split(".")
        there = activity
        for name in above:
            there = there[name]
        if value is None:
            there.pop(last, None)
        else:
            there[last] = value

    return [partial(mutate, value) for value in values]


def _service_url(*urls: object) -> list[Mutation]:
    """Change the token's address as well as the activity's, as for another publisher's bot."""

    def mutate(url: object, activity: Json, claims: Json, _header: Json) -> None:
        activity["serviceUrl"] = claims["serviceurl"] = url

    return [partial(mutate, url) for url in urls]


def _signature(*keys: tuple[int, str]) -> list[Mutation]:
    def mutate(key: tuple[int, str], _activity: Json, _claims: Json, header: Json) -> None:
        header["number"], header["kid"] = key

    return [partial(mutate, key) for key in keys]


MUTATIONS: dict[str, list[Mutation]] = {
    "issuer": _claim(
        "iss",
        None,
        "",
        "https://api.botframework.com/",
        "https://evil.example",
        f"https://sts.windows.net/{TENANT}/",
        f"https://login.microsoftonline.com/{TENANT}/v2.0",
    ),
    "audience": _claim("aud", None, "", OTHER_TENANT, f"api://{CLIENT}", [OTHER_TENANT], "*"),
    "expiry": _claim("exp", None, 0, 1_600_000_000, "soon"),
    "not yet": _claim("nbf", 4_000_000_000),
    "service url of the token": _claim("serviceurl", *NOT_OURS),
    "service url of the body": _body("serviceUrl", *NOT_OURS),
    "service url": _service_url(*NOT_OURS[:-3]),
    "key": _signature(*product((77, 78), ("key-1", "key-77", "", "../key-1"))),
    "tenant of the chat": _body("conversation.tenantId", OTHER_TENANT, "", 7),
    "tenant of the channel": _body("channelData.tenant", {"id": OTHER_TENANT}, {"id": ""}),
    "tenant of the person": _body("from.tenantId", OTHER_TENANT, "common"),
    "for another bot": _body("recipient.id", f"28:{OTHER_TENANT}", CLIENT, "", None),
    "another channel": _body("channelId", "webchat", "emulator", "", None),
    "no id": _body("id", "", None, 7, [], "x" * 2000),
    "no type": _body("type", "", None, 7),
    "no sender": _body("from", None, "alice", [], {}),
    "no conversation": _body("conversation", None, LANG, {}, {"id": ""}),
    "no recipient": _body("recipient", None, {}, "28:x"),
}


def test_forged_and_mutated_activities_have_no_effect(campus: Campus) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.works()
    take = {"action": "take", "ids": {"case": str(case)}}
    value = {"action": {"type": "Action.Execute", "verb": "take", "data": take}}
    before = campus.office.world.case(case)
    mutations = [(name, each) for name, every in MUTATIONS.items() for each in every]
    assert len(mutations) > 90

    for name, mutate in mutations:
        activity = copy.deepcopy(
            campus.activity("alice", type="invoke", name="adaptiveCard/action", value=value)
        )
        claims, header = claims_for(CLIENT, SERVICE_URL), Json()
        mutate(activity, claims, header)
        token = campus.teams.keys.token(claims, header.pop("number", None), **header)
        answer = campus.delivers(activity, token)
        assert answer.status_code in (401, 403), f"{name}: {activity} {claims}"

    assert campus.office.world.case(case) == before
    assert set(campus.wire.bearers) == {HOST}
    assert campus.wire.astray == []
    genuine = campus.activity("alice", type="invoke", name="adaptiveCard/action", value=value)
    assert campus.delivers(genuine).status_code == 200
    assert campus.office.world.case(case).owner == campus.office.world.staff("alice")


@pytest.mark.parametrize("header", ["", "Basic x", "Bearer", "Bearer x.y.z", "bearer "])
def test_no_token_no_entry(campus: Campus, header: str) -> None:
    made = campus.activity("alice", type="message", text="today")

    answer = campus.browser.post(json.dumps(made), {"Authorization": header})

    assert answer.status_code == 401


def test_a_token_that_is_not_signed_is_none(campus: Campus) -> None:
    import jwt

    claims = claims_for(CLIENT, SERVICE_URL)
    made = campus.activity("alice", type="message", text="today")
    for token in (
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, "a shared secret of thirty-two bytes", "HS256", {"kid": "key-1"}),
        jwt.encode(claims, private_key(1), "RS512", {"kid": "key-1"}),
    ):
        assert campus.delivers(made, token).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"7", b"null", b"{" * 5000, b"x" * 600_000])
def test_what_is_no_activity_is_refused_before_anything(campus: Campus, body: bytes) -> None:
    assert campus.browser.post(body, {}).status_code == 400


def test_a_foreign_tenant_is_audited_without_its_id(campus: Campus) -> None:
    made = campus.activity("alice", type="message", text="today")
    made["channelData"]["tenant"]["id"] = made["conversation"]["tenantId"] = OTHER_TENANT

    assert campus.delivers(made).status_code == 403

    assert [row["details"]["why"] for row in campus.audited("refused")] == ["tenant"]
    assert OTHER_TENANT not in str(campus.office.world.dump())


JUNK: tuple[object, ...] = (
    None,
    -1,
    True,
    "",
    "\x00",
    "\ud800",
    "a" * 5000,
    [],
    [[]],
    [{}],
    {},
    {"id": []},
    "9" * 40,
)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_an_authentic_activity_holds_it_is_answered_and_shows_nothing(
    campus: Campus, seed: int
) -> None:
    """Clients compose much of what Teams passes on, so any part may hold any value."""
    world = campus.office.world
    case = world.open_case("dana")
    before = world.case(case)
    chance = random.Random(seed)
    claims = claims_for(CLIENT, SERVICE_URL)

    with capture_logs() as logs:
        for whole in (*_activities(campus), *_activities(campus), *_activities(campus)):
            activity = copy.deepcopy(whole)
            path = chance.choice([path for path in _paths(activity) if path])
            _put(activity, path, chance.choice(JUNK))
            answer = campus.delivers(activity, campus.teams.keys.token(claims))
            assert answer.status_code in (200, 401, 403), activity
            assert "Dana" not in answer.text

    assert world.case(case) == before
    # An answer to a person or a conversation that does not exist is not delivered.
    undelivered = {"private message not delivered", "targeted message not delivered"}
    assert {each["event"] for each in logs if each["log_level"] == "error"} <= undelivered
    assert campus.wire.astray == []


def _activities(campus: Campus) -> Iterator[Json]:
    """Yield one activity of each kind, from a person of another school."""
    data = {"action": "view", "ids": {"case": "1", "version": "1"}, "field.reason": "I know better"}
    invokes = {
        "adaptiveCard/action": {"action": {"type": "Action.Execute", "verb": "view", "data": data}},
        "task/fetch": {"data": data, "context": {}},
        "task/submit": {"data": data, "context": {}},
        "composeExtension/query": {"parameters": [{"name": "case", "value": "lang"}]},
        "composeExtension/fetchTask": {"messagePayload": {"id": "1", "body": {"content": "Hi"}}},
        "composeExtension/submitAction": {"data": {"field.case": "1", "field.note": "Hello"}},
        "something/new": {},
    }
    for name, value in invokes.items():
        yield campus.activity("charlie", type="invoke", name=name, value=value)
    changes = {"message": {"text": "take LANG-1"}, "messageUpdate": {"text": "x"}}
    changes |= {"installationUpdate": {"action": "add"}, "conversationUpdate": {}, "newKind": {}}
    for kind, parts in changes.items():
        chat = campus.teams.direct(campus.people["charlie"])
        yield campus.activity("charlie", chat, type=kind, **parts)


def _paths(thing: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    if isinstance(thing, dict | list):
        for key, value in thing.items() if isinstance(thing, dict) else enumerate(thing):
            yield from _paths(value, (*above, key))


def _put(thing: Any, path: tuple[Any, ...], value: object) -> None:
    for key in path[:-1]:
        thing = thing[key]
    thing[path[-1]] = value
