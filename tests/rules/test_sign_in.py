"""Signing in: the claims that are required, and how long a session lasts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from store.rules.students.sign_in import (
    IDLE,
    LONGEST,
    SKEW,
    AccountHolder,
    Expected,
    SignInRefusal,
    SignInRefused,
    has_ended,
    holder_in,
)

NOW = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
TENANT = "11111111-2222-3333-4444-555555555555"
ENTRA = Expected("https://login.example/v2.0", "lantern", TENANT)
OTHER = Expected("https://id.example/", "lantern")
DANA: dict[str, Any] = {
    "aud": "lantern",
    "iss": "https://login.example/v2.0/",
    "tid": TENANT,
    "oid": "oid-1",
    "sub": "sub-1",
    "iat": NOW.timestamp(),
    "exp": (NOW + dt.timedelta(hours=1)).timestamp(),
    "preferred_username": " Dana@Students.example ",
    "upn": "d1@students.example",
    "email": "dana.d@students.example",
}


def refused(claims: dict[str, Any], expected: Expected = ENTRA) -> SignInRefusal:
    with pytest.raises(SignInRefused) as caught:
        holder_in(claims, expected, NOW)
    assert str(caught.value) == caught.value.reason.value, "the log names no one"
    return caught.value.reason


def test_an_account_of_the_institution_has_each_of_its_addresses() -> None:
    every = {"dana@students.example", "d1@students.example", "dana.d@students.example"}
    assert holder_in(DANA, ENTRA, NOW) == AccountHolder(ENTRA.issuer, "oid-1", frozenset(every))
    assert holder_in(DANA | {"aud": ["lantern"]}, ENTRA, NOW).subject == "oid-1"
    sparse = DANA | {"upn": None, "email": ""}
    assert holder_in(sparse, ENTRA, NOW).addresses == {"dana@students.example"}
    own = DANA | {"idp": f"https://sts.example/{TENANT}/", "acct": 0}
    assert holder_in(own, ENTRA, NOW).subject == "oid-1"


def test_another_provider_gives_the_address_that_it_has_verified() -> None:
    claims = {**DANA, "iss": "https://id.example", "tid": "", "acct": 1}
    assert holder_in(claims, OTHER, NOW) == AccountHolder(OTHER.issuer, "sub-1", frozenset())
    verified = holder_in(claims | {"email_verified": True}, OTHER, NOW)
    assert verified.addresses == {"dana.d@students.example"}
    assert holder_in(claims | {"email_verified": "true"}, OTHER, NOW).addresses == frozenset()
    assert refused(claims | {"sub": ""}, OTHER) is SignInRefusal.BROKEN


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another"}, SignInRefusal.BROKEN),
        ({"iss": "https://id.example"}, SignInRefusal.OTHER_TENANT),
        ({"iss": "/"}, SignInRefusal.OTHER_TENANT),
        ({"tid": "another"}, SignInRefusal.OTHER_TENANT),
        ({"oid": ""}, SignInRefusal.BROKEN),
        ({"oid": 7}, SignInRefusal.BROKEN),
        ({"idp": "https://elsewhere.example/"}, SignInRefusal.GUEST),
        ({"acct": 1}, SignInRefusal.GUEST),
        ({"preferred_username": "d#EXT#@students.example"}, SignInRefusal.GUEST),
        ({"upn": "d#EXT#@students.example"}, SignInRefusal.GUEST),
        ({"email": "d#ext#@students.example"}, SignInRefusal.GUEST),
        ({"exp": (NOW - SKEW - SECOND).timestamp()}, SignInRefusal.CLOCK),
        ({"iat": (NOW + SKEW + SECOND).timestamp()}, SignInRefusal.CLOCK),
        ({"nbf": (NOW + SKEW + SECOND).timestamp()}, SignInRefusal.CLOCK),
        ({"exp": "soon"}, SignInRefusal.BROKEN),
        ({"iat": None}, SignInRefusal.BROKEN),
    ],
)
def test_claims_that_do_not_fit_are_refused(claims: dict[str, Any], reason: SignInRefusal) -> None:
    assert refused(DANA | claims) is reason


@pytest.mark.parametrize("missing", ["aud", "iss", "tid", "iat", "exp", "oid"])
def test_a_claim_that_is_missing_is_no_sign_in(missing: str) -> None:
    refused({name: value for name, value in DANA.items() if name != missing})


def test_two_clocks_may_be_five_minutes_apart() -> None:
    edge = {"exp": (NOW - SKEW).timestamp(), "iat": (NOW + SKEW).timestamp()}
    assert holder_in(DANA | edge, ENTRA, NOW).subject == "oid-1"
    assert holder_in(DANA | {"nbf": (NOW + SKEW).timestamp()}, ENTRA, NOW).subject == "oid-1"


def test_a_session_ends_when_it_is_idle_or_old_or_the_clock_went_back() -> None:
    for began, seen, ended in [
        (NOW, NOW, False),
        (NOW, NOW - IDLE + SECOND, False),
        (NOW, NOW - IDLE, True),
        (NOW - LONGEST + SECOND, NOW, False),
        (NOW - LONGEST, NOW, True),
        (NOW + SKEW, NOW, False),
        (NOW + SKEW + SECOND, NOW, True),
    ]:
        assert has_ended(began, seen, NOW) is ended, (began, seen)
