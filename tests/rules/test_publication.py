"""§22: students are told by at least two ways that are ways."""

from dataclasses import replace

import pytest

from store.policies.document import PolicyProblems, parse, parse_to_publish
from store.rules.policies.publication import Route, publication_problems, route_meant
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
