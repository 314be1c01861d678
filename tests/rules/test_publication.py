"""§22: students are told of a policy by at least two recognised routes."""

import datetime as dt
from dataclasses import replace

import pytest

from store.policies.document import PolicyProblems, parse, parse_to_publish
from store.rules.errors import InvalidInput
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import (
    Route,
    Told,
    evidence,
    publication_problems,
    route_meant,
    told_by,
    told_in,
)
from tests.people import policy_document

TODAY_S_FORM = 'published = ["student handbook", "email"]'


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("student handbook", Route.HANDBOOK),
        ("Module pages", Route.VLE),
        ("E-mail", Route.EMAIL),
        ("email to all students", Route.EMAIL),
        ("handbook", Route.HANDBOOK),
        ("notice-board", Route.NOTICE_BOARD),
        ("x", None),
        ("", None),
        ("emailing", None),
        ("word of mouth", None),
    ],
)
def test_a_route_is_known_by_its_words(words: str, route: Route | None) -> None:
    assert route_meant(words) is route


@pytest.mark.parametrize("route", Route)
def test_each_route_is_known_by_its_own_name(route: Route) -> None:
    assert route_meant(route.value) is route


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ('["x", "y"]', 'approval.published has "x"'),
        ('["handbook", "student handbook"]', "names 1 route"),
        ('["handbook", "rumour"]', 'has "rumour"'),
    ],
)
def test_no_version_is_published_with_fewer(published: str, said: str) -> None:
    document = policy_document().replace(TODAY_S_FORM, f"published = {published}")
    with pytest.raises(PolicyProblems) as refused:
        parse_to_publish(document, "lang.toml")
    assert said in refused.value.sentence
    assert "lang.toml, line " in refused.value.sentence


def test_a_version_that_was_published_before_goes_on_and_says_what_is_missing() -> None:
    old = parse(policy_document().replace(TODAY_S_FORM, 'published = ["x", "y"]'), "old.toml")
    assert len(list(publication_problems(old))) == 3
    told = replace(old, approval=replace(old.approval, published=("vle", "induction")))
    assert list(publication_problems(told)) == []


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("the student handbook", Route.HANDBOOK),
        ("Handbook, page 12", Route.HANDBOOK),
        ("by email", Route.EMAIL),
        ("word of mouth", None),
    ],
)
def test_a_route_is_found_in_the_policy_s_words(words: str, route: Route | None) -> None:
    assert route_meant(words) is route


def test_evidence_without_a_place_or_a_day_says_which_field() -> None:
    today = dt.date(2025, 9, 1)
    with pytest.raises(InvalidInput, match="Give a day") as day:
        told_by("handbook", "page 12", "whenever", today)
    assert day.value.field == "day"
    with pytest.raises(InvalidInput, match="handbook") as route:
        told_by("pigeon", "page 12", "yesterday", today)
    assert route.value.field == "route"
    with pytest.raises(InvalidInput, match="is in the future") as coming:
        told_by("handbook", "page 12", "3 september", today)
    assert coming.value.field == "day"
    line = told_in("email: the office: to all students, 28 august", today)
    assert (line.route, line.place, line.on) == (
        Route.EMAIL, "the office: to all students", dt.date(2025, 8, 28),
    )  # fmt: skip


def test_a_route_in_words_that_are_none_has_no_evidence(policy: SchoolPolicy) -> None:
    strange = replace(policy.approval, published=("word of mouth", "student handbook"))
    email = Told(Route.EMAIL, "to all", dt.date(2025, 8, 28))
    found = list(evidence(replace(policy, approval=strange), (email,)))
    assert found == [("word of mouth", None), ("student handbook", None), ("email", email)]
