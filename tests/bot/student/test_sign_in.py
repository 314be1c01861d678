"""A student signs in, sees their own and no one else's, and whoever should not gets nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from store.queries.contacts import engaged_on
from store.rules.students.sign_in import IDLE, LONGEST, SKEW
from store.tables import audit, sayings, sign_ins, student_accounts, student_sessions
from tests.bot.student.signing_in import DANA, ELI, Browser, Place, sign_in_place
from tests.fakes.graph.entra import TENANT

OTHER_TENANT = "99999999-2222-3333-4444-555555555555"
ASKED_IN_VAIN = "/me/signed-in?code=code-1&state=none"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with sign_in_place(tmp_path_factory.mktemp("sign-in") / "home") as made:
        yield made


@pytest.fixture
def place(shared: Place) -> Place:
    """The same servers for each test, and no one signed in or known yet."""
    store = shared.office.world.store
    with store.database.write() as connection:
        for table in (student_sessions, student_accounts, sign_ins, sayings):
            connection.execute(table.delete())
    service = shared.service
    service.skew, service.is_cancelled, service.is_away = dt.timedelta(0), False, False
    return shared


def rows(place: Place, table: Any) -> list[dict[str, Any]]:
    return place.office.world.rows(table)


def refusals(place: Place) -> list[str]:
    found = rows(place, audit)
    return [row["details"]["reason"] for row in found if row["action"] == "sign-in-refused"]


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
    """An address that another person gets does not open the first one's page."""
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
    # Dana's page is still open in a tab, and what is typed there is not said in Eli's name.
    late = browser.presses(of_dana, "fine")
    assert (late.status_code, "Someone has signed in or out" in late.text) == (403, True)
    assert rows(place, sayings) == []
    # And Dana's session ended when Eli signed in here.
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
    # One that the thief began is of no use to the browser into which it is smuggled.
    thief.place.service.person = ELI
    begun = thief._once("GET", "https://lantern.example.ac.uk/me/sign-in", None, None)
    answer = thief._once("GET", begun.headers["location"], None, None)
    smuggled = answer.headers["location"].removeprefix("https://lantern.example.ac.uk")
    assert browser.get(smuggled).status_code == 403
    assert "Alice Adviser" in browser.get("/me").text


def test_a_stolen_cookie_ends_with_the_session(place: Place) -> None:
    """By signing out anywhere, by being idle, and in any case after two hours; what the database
    holds is no cookie."""
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


def test_when_a_session_ends_what_was_typed_is_given_back(place: Place) -> None:
    browser = place.browser()
    page = browser.signs_in(DANA).text
    place.office.clock.forward(minutes=30)
    late = browser.presses(page, "talk", words="On <Monday>, please")
    assert late.status_code == 401
    assert "On &lt;Monday&gt;, please" in late.text
    assert rows(place, sayings) == []


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


def test_another_provider_s_addresses_count_once_it_has_verified_them(tmp_path: Path) -> None:
    person = {"sub": "abc", "email": "dana@students.example.ac.uk"}
    with sign_in_place(tmp_path / "home", is_entra=False) as place:
        assert place.browser().signs_in(person).status_code == 403
        claimed = person | {"email_verified": False, "preferred_username": person["email"]}
        assert place.browser().signs_in(claimed).status_code == 403
        page = place.browser().signs_in(person | {"email_verified": True})
        assert "French for beginners" in page.text
