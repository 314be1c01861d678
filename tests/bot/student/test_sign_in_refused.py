"""Refused sign-ins: other accounts, stolen cookies and forms of other sites."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from structlog.testing import capture_logs

from store.rules.students.sign_in import IDLE, LONGEST
from store.tables import audit, sayings, student_accounts, student_sessions
from tests.bot.student.signed_in import place, refusals, rows, shared
from tests.bot.student.signing_in import DANA, ELI, Browser, Place

__all__ = ["place", "shared"]

OTHER_TENANT = "99999999-2222-3333-4444-555555555555"
ASKED_IN_VAIN = "/me/signed-in?code=code-1&state=none"


@pytest.mark.parametrize(
    ("claims", "reason", "said"),
    [
        ({"iss": f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0", "tid": OTHER_TENANT},
         "other-tenant", "belongs to another organisation"),
        ({"tid": OTHER_TENANT}, "other-tenant", "belongs to another organisation"),
        ({"idp": f"https://sts.windows.net/{OTHER_TENANT}/"}, "guest", "guest account"),
        ({"acct": 1}, "guest", "guest account"),
        ({"upn": "dana_elsewhere.example#EXT#@students.example.ac.uk"}, "guest", "guest account"),
        ({"aud": "another application"}, "broken", "Start again"),
        ({"nonce": "another nonce"}, "broken", "Start again"),
        ({"oid": ""}, "broken", "Start again"),
        ({"exp": "soon"}, "broken", "Start again"),
        ({"preferred_username": "nobody@students.example.ac.uk"}, "unknown", "no student record"),
        ({"preferred_username": "alice@example.ac.uk"}, "unknown", "no student record"),
        ({"preferred_username": "dana@home.example"}, "unknown", "no student record"),
        ({"preferred_username": "dana@students.example.ac.uk",
          "email": "eli@students.example.ac.uk"}, "unknown", "no student record"),
    ],
)  # fmt: skip
def test_who_does_not_fit_is_told_kindly_and_gets_nothing(
    place: Place, claims: dict[str, Any], reason: str, said: str
) -> None:
    browser = place.browser()
    with capture_logs() as logs:
        page = browser.signs_in(DANA | claims)
    assert page.status_code == 403
    assert said in page.text
    assert refusals(place)[-1] == reason
    assert browser.cookies == {}
    assert rows(place, student_sessions) == rows(place, student_accounts) == []
    everything = str(logs) + str([row["details"] for row in rows(place, audit)])
    for secret in ("dana", "eli@", "nobody", "code-", "oid-"):
        assert secret not in everything


def test_a_stolen_cookie_ends_with_the_session(place: Place) -> None:
    """It ends on any sign-out, when idle, and after two hours. No cookie is stored."""
    clock = place.office.clock

    def stolen() -> tuple[Browser, str, Browser]:
        browser, thief = place.browser(), place.browser()
        page = browser.signs_in(DANA).text
        thief.cookies = dict(browser.cookies)
        assert "French" in thief.get("/me").text
        return browser, page, thief

    browser, page, thief = stolen()
    (kept,) = rows(place, student_sessions)
    other = place.browser()
    other.cookies = {"__Host-lantern-me": kept["mark"]}
    assert "French" not in other.get("/me").text
    browser.presses(page, "sign-out")
    assert "French" not in thief.get("/me").text

    browser, page, thief = stolen()
    clock.forward(seconds=(IDLE - dt.timedelta(seconds=1)).total_seconds())
    assert "French" in thief.get("/me").text
    clock.forward(seconds=IDLE.total_seconds())
    assert "French" not in thief.get("/me").text

    browser, page, thief = stolen()
    for _ in range(LONGEST // (IDLE / 2)):
        assert "French" in thief.get("/me").text
        clock.forward(seconds=(IDLE / 2).total_seconds())
    assert "French" not in thief.get("/me").text


def test_forms_of_other_sites_and_without_the_session_s_own_mark_do_nothing(place: Place) -> None:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert browser.post("/me", foreign, do="fine", key="0" * 32).status_code == 403
    assert browser.post("/me", do="fine", key="0" * 32).status_code == 403
    assert browser.post("/me", do="fine", key="0" * 32, csrf="x").status_code == 403
    assert browser.presses(page, "show").status_code == 400
    assert browser.post("/me", do="fine").status_code == 400
    assert browser.post("/me/local", number="1002").status_code == 400
    assert rows(place, sayings) == []
    assert "Alice Adviser" in browser.get("/me").text


def test_a_sign_in_that_is_stopped_late_or_away_says_what_to_do(place: Place) -> None:
    browser = place.browser()
    place.service.is_cancelled = True
    assert "You stopped before you were signed in." in browser.signs_in(DANA).text
    place.service.is_cancelled = False
    place.service.is_away = True
    away = browser.signs_in(DANA)
    assert (away.status_code, "Try again in a few minutes" in away.text) == (503, True)
    place.service.is_away = False
    begun = browser._once("GET", "https://lantern.example.ac.uk/me/sign-in", None, None)
    place.office.clock.forward(minutes=11)
    answer = browser._once("GET", begun.headers["location"], None, None)
    late = browser.get(answer.headers["location"].removeprefix("https://lantern.example.ac.uk"))
    assert "was not finished in time" in late.text
    assert refusals(place)[-2:] == ["cancelled", "broken"]
    assert browser.get(ASKED_IN_VAIN).status_code == 403


def test_a_student_who_was_erased_or_has_died_is_out_at_once(place: Place) -> None:
    browser = place.browser()
    browser.signs_in(ELI)
    store, student = place.office.world.store, place.office.world.student("eli")
    from store.tables import exemptions

    with store.database.write() as connection:
        connection.execute(
            exemptions.insert().values(
                student_id=student, school_id=place.office.world.school(), kind="deceased",
                first=dt.date(2025, 10, 1), reason="", at=store.now(),
            )
        )  # fmt: skip
    assert "Sign in with" in browser.get("/me").text
    assert "This service is closed." in place.browser().signs_in(ELI).text
    with store.database.write() as connection:
        connection.execute(exemptions.delete())
