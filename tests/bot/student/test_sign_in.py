"""A student who signs in sees their own data and no one else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from integrations.sign_in import SignIn
from store.queries.contacts import engaged_on
from store.rules.students.sign_in import SKEW
from store.tables import audit, sayings, student_accounts
from tests.bot.student.signed_in import place, rows, shared
from tests.bot.student.signing_in import DANA, ELI, Place, account, sign_in_place
from tests.fakes.graph.entra import TENANT, MsalRoute
from tests.worker.erasures import joins
from tests.worker.office import words
from worker.doctor.outside import check_student_sign_in

__all__ = ["place", "shared"]


def test_a_student_signs_in_and_out(place: Place) -> None:
    browser = place.browser()
    assert "Sign in with your university account" in browser.get("/me").text
    page = browser.signs_in(DANA)
    assert page.status_code == 200
    assert "French for beginners" in page.text
    assert "Your student number" not in page.text
    assert browser.went[-1].endswith("/me")

    (cookie,) = browser.cookies
    assert cookie == "__Host-lantern-me"
    set_as = next(each for each in browser.set_cookies if each.startswith(cookie))
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in set_as
    assert "Domain" not in set_as
    assert page.headers["cache-control"] == "no-store"
    asked = place.service.asked[-1]
    assert asked["prompt"] == "select_account"
    assert "offline_access" not in asked["scope"].split()

    kept = dict(browser.cookies)
    assert "You are signed out" in browser.presses(page.text, "sign-out").text
    browser.cookies = kept
    assert "French" not in browser.get("/me").text


def test_a_student_says_something_once(place: Place) -> None:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    answer = browser.presses(page, "wrong", words="I was there.", key="a" * 32)
    assert "will look at it and answer you" in answer.text
    browser.presses(page, "wrong", words="I was there.", key="a" * 32)
    assert [row["kind"] for row in rows(place, sayings)] == ["wrong"]
    assert "I was there." in browser.get("/me").text
    empty = browser.presses(page, "wrong", words=" ")
    assert (empty.status_code, "Please say in a few words" in empty.text) == (422, True)


def test_after_the_first_time_the_account_is_known_by_its_id_and_not_by_its_address(
    place: Place,
) -> None:
    """An address that is reassigned to another person does not open the first one's page."""
    place.browser().signs_in(DANA)
    renamed = DANA | {"preferred_username": "d.novak@students.example.ac.uk"}
    assert "French for beginners" in place.browser().signs_in(renamed).text
    heir = DANA | {"oid": "oid-heir"}
    refused = place.browser().signs_in(heir)
    assert refused.status_code == 403
    assert "an account with the same address that was used before" in refused.text
    swapped = ELI | {"oid": "oid-dana"}
    assert "Alice Adviser" in place.browser().signs_in(swapped).text
    assert len(rows(place, student_accounts)) == 1


def test_an_account_of_the_tenant_itself_may_name_it_as_its_provider(place: Place) -> None:
    own = DANA | {"idp": f"https://sts.windows.net/{TENANT}/", "acct": 0}
    assert "French for beginners" in place.browser().signs_in(own).text


@pytest.mark.parametrize(
    ("skew", "lets_in"),
    [
        (SKEW - dt.timedelta(seconds=1), True),
        (SKEW + dt.timedelta(seconds=2), False),
        (-dt.timedelta(hours=1, minutes=4), True),
        (-dt.timedelta(hours=1, minutes=6), False),
    ],
)
def test_clocks_may_be_a_little_apart(place: Place, skew: dt.timedelta, lets_in: bool) -> None:
    place.service.skew = skew
    page = place.browser().signs_in(DANA)
    assert ("French for beginners" in page.text) is lets_in
    assert lets_in or "clock may be wrong" in page.text


def test_two_students_at_one_computer_each_see_their_own(place: Place) -> None:
    browser = place.browser()
    of_dana = browser.signs_in(DANA).text
    old = dict(browser.cookies)
    of_eli = browser.signs_in(ELI).text
    assert "Alice Adviser" in of_dana
    assert "Alice Adviser" not in of_eli
    assert browser.cookies != old
    # Dana's page is still open in a tab; what is typed there is not recorded as Eli's.
    late = browser.presses(of_dana, "fine")
    assert (late.status_code, "Someone has signed in or out" in late.text) == (403, True)
    assert rows(place, sayings) == []
    # Dana's session in this browser ended when Eli signed in.
    browser.cookies = old
    assert "Sign in with" in browser.get("/me").text


def test_a_code_is_good_once_and_in_one_browser(place: Place) -> None:
    browser, thief = place.browser(), place.browser()
    browser.signs_in(DANA)
    came_back = next(each for each in browser.went if "code=" in each)
    path = came_back.removeprefix("https://lantern.example.ac.uk")
    for again in (browser, thief):
        page = again.get(path)
        assert (page.status_code, "Start again" in page.text) == (403, True)
    assert thief.cookies == {}
    assert "French" in browser.get("/me").text
    # A sign-in that the thief began cannot be completed in the victim's browser.
    thief.place.service.person = ELI
    begun = thief._once("GET", "https://lantern.example.ac.uk/me/sign-in", None, None)
    answer = thief._once("GET", begun.headers["location"], None, None)
    smuggled = answer.headers["location"].removeprefix("https://lantern.example.ac.uk")
    assert browser.get(smuggled).status_code == 403
    assert "Alice Adviser" in browser.get("/me").text


def test_when_a_session_ends_what_was_typed_is_given_back(place: Place) -> None:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    place.office.clock.forward(minutes=30)
    late = browser.presses(page, "talk", words="On <Monday>, please")
    assert late.status_code == 401
    assert "On &lt;Monday&gt;, please" in late.text
    assert rows(place, sayings) == []


def test_a_new_account_is_the_student_s_once_the_officer_has_forgotten_the_old(
    place: Place,
) -> None:
    office = place.office
    joins(office, "priya", "LANG")
    assert "never signed in" in words(office.types("priya", "forget-account 1001").card)
    before = place.browser()
    before.signs_in(DANA)
    new = DANA | {"oid": "99999999-0000-4000-8000-000000000001"}
    assert place.browser().signs_in(new).status_code == 403

    for name in ("alice", "lena"):
        assert "account is forgotten" not in words(office.types(name, "forget-account 1001").card)
    assert "account is forgotten" in words(office.types("priya", "forget-account 1001").card)
    assert "Sign in with your university account" in before.get("/me").text
    assert "French for beginners" in place.browser().signs_in(new).text
    assert place.browser().signs_in(DANA).status_code == 403
    assert [row["subject"] for row in office.world.rows(audit, action="forget-account")] == [
        f"student:{office.world.student('dana')}"
    ]


@pytest.mark.parametrize("is_entra", [True, False])
def test_the_doctor_tries_the_client_secret(place: Place, is_entra: bool) -> None:
    right = account(is_entra=is_entra)
    with httpx.Client() as http:
        fine, refused = (
            next(check_student_sign_in(replace(place.office.services, sign_in=sign_in)))
            for sign_in in (
                SignIn(each, MsalRoute(http, place.entra))
                for each in (right, replace(right, secret="another"))
            )
        )
    assert fine.is_fine, fine.sentence
    assert refused.is_fine is False
    said = refused.sentence
    assert "SIGN_IN_CLIENT_SECRET is not accepted: invalid_client (AADSTS7000215)" in said
    assert ("copy its value" if is_entra else "copy it from the provider") in said
    assert "dana@" not in said


def test_looking_is_audited_and_is_no_engagement(place: Place) -> None:
    browser = place.browser()
    browser.signs_in(DANA)
    who = f"student:{place.office.world.student('dana')}"
    done = [row["action"] for row in rows(place, audit) if row["actor"] == who]
    assert done[-2:] == ["sign-in", "own-page"]
    with place.office.world.store.database.read() as connection:
        assert not engaged_on(connection, dt.date(2025, 1, 1), dt.date(2027, 1, 1))
    for address in browser.went:
        assert "dana" not in address.casefold()
        assert "1001" not in address


def test_another_provider_s_addresses_count_once_it_has_verified_them(tmp_path: Path) -> None:
    person = {"sub": "abc", "email": "dana@students.example.ac.uk"}
    with sign_in_place(tmp_path / "home", is_entra=False) as place:
        assert place.browser().signs_in(person).status_code == 403
        claimed = person | {"email_verified": False, "preferred_username": person["email"]}
        assert place.browser().signs_in(claimed).status_code == 403
        page = place.browser().signs_in(person | {"email_verified": True})
        assert "French for beginners" in page.text
