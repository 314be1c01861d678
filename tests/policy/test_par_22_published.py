"""§22: students are told by several routes what is expected, what happens and who acts."""

import re

import pytest

from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, MAILBOX
from tests.policy.school import School

APPROVAL = '[approval]\napproved_by = "Edgar Ember"\neffective = 2026-11-24\npublished = {routes}\n'


@pytest.mark.parametrize(
    "routes", ["[]", '["student handbook"]', '["email", "Email"]', '["x", "y"]']
)
def test_one_route_or_none_is_not_enough(school: School, routes: str) -> None:
    """A16: “x” and “y” are not recognised routes."""
    file = school.home / "told.toml"
    file.write_text(policy(GLAS, approval=APPROVAL.format(routes=routes)), encoding="utf-8")
    done = school.lantern("policy", "publish", file)
    assert done.code != 0 or "route" in done.text, f"published, told by {routes}: {done.text}"


def test_a_route_given_twice_or_not_in_the_document_is_said(school: School) -> None:
    """Neither is dropped without a word: only one would be shown, and the other may be a slip."""
    file = school.home / "told.toml"
    file.write_text(policy(GLAS, effective="2026-11-24"), encoding="utf-8")
    handbook = ("--told", "handbook: page 12, 2026-11-01")
    twice = ("--told", "email: first years, 2026-11-02", "--told", "e-mail: all, 2026-11-03")
    refused = school.lantern("policy", "publish", file, *handbook, *twice)
    assert refused.code != 0
    assert "email is given twice" in refused.text
    assert "page 12" not in school.lantern("policy", "statement", GLAS).text, "half of it is kept"
    given = ("--told", "website: the page on studying, 2026-11-03")
    printed = school.lantern("policy", "publish", file, *handbook, *given)
    assert printed.code == 0, printed.text
    assert "does not name website" in printed.text
    assert "told by welcome email is not recorded" in printed.text


def test_the_statement_says_what_is_expected_and_who_intervenes(school: School) -> None:
    said = school.lantern("policy", "statement", GLAS).text
    for wanted in (
        "attendance",
        "work handed in",
        "14",
        "student support officer",
        MAILBOX[GLAS],
        "complain",
    ):
        assert wanted in said.casefold(), f"{wanted} is missing from the statement: {said}"
    shown = school.person("dora").types("statement").text
    assert "14" in shown


def test_the_statement_promises_only_what_there_is(school: School) -> None:
    """A16: the command line has no public address set, so students have no page of their own."""
    said = school.lantern("policy", "statement", GLAS).text
    assert not re.search(r"your own page|page of your own", said), (
        f"a page is promised where no address is set: {said}"
    )


def test_a_document_of_before_goes_on(school: School) -> None:
    file = school.home / "again.toml"
    file.write_text(policy(GLAS, effective="2026-11-25"), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    school.morning("2026-11-25")
    assert school.person("edgar").types("policy").text


def test_a_version_waits_until_two_routes_are_recorded(school: School) -> None:
    """Its day alone does not bring it into force: the one before stays until students were told."""
    file, edgar = school.home / "second.toml", school.person("edgar")
    file.write_text(policy(GLAS, effective="2026-11-24"), encoding="utf-8")
    printed = school.lantern("policy", "publish", file)
    assert printed.code == 0
    assert "version 2 waits, and is not in force, until it is recorded" in printed.text
    school.morning("2026-11-24")
    school.morning("2026-11-25")
    for route, place in (("handbook", "page 12"), ("handbook", "page 12 of the new one")):
        doctor = school.lantern("doctor").text
        assert f"{GLAS}: version 2 waits" in doctor
        assert f"{GLAS}: version 1, since" in doctor
        edgar.types("publication").sends(route=route, place=place, day="2026-10-03")
    assert "one more route" in edgar.types("publication handbook: page 13, 2 october").text
    assert "in force" in edgar.types("publication email: all freshers, 2 october").text
    doctor = school.lantern("doctor").text
    assert f"{GLAS}: version 2, since 25 November 2026" in doctor, "days that have passed stay so"
    assert "version 2 waits" not in doctor
    assert "student handbook (page 13" in edgar.types("policy").text
    said = school.lantern("policy", "statement", GLAS).text
    assert "Student handbook: page 13 (2 October 2026)" in said
    assert "in force from 25 November 2026" in said
