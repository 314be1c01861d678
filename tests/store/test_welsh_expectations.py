"""On the Welsh page, what a school hopes to see is in Welsh, whatever its thresholds."""

import re
from dataclasses import fields, replace
from typing import Any

import pytest

from bot.student.page_parts import in_language
from store.letters.welsh_expectations import in_welsh
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import limits_of
from store.rules.flag_rules.looks import LookRules
from store.rules.letters.letter import Language

ENGLISH = re.compile(
    r"\b(we|you|your|in each|days?|weeks?|since|of the|at least|all)\b", re.IGNORECASE
)


def variants(kind: type[Any]) -> list[Any]:
    """Return the rule as it is by default, and with each threshold at both ends of its range."""
    made = [kind()]
    for name, (number, limits) in limits_of(kind).items():
        for end in (limits.least, limits.most):
            try:
                made.append(replace(kind(), **{name: number(end)}))
            except ValueError:
                continue
    return made


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_in_welsh_what_it_hopes_to_see_with_the_same_numbers(
    rule: type[Any],
) -> None:
    for each in variants(rule):
        english = each.expectation()
        welsh = in_welsh(english)
        assert welsh, english
        assert not ENGLISH.search(welsh), welsh
        assert numbers(welsh) == numbers(english)


def test_when_a_school_looks_sooner_is_said_in_welsh_too() -> None:
    choices = [each.name for each in fields(LookRules) if each.type in (bool, "bool")]
    for rules in variants(LookRules):
        said = replace(rules, **dict.fromkeys(choices, True)).expectations()
        assert len(said) == 2
        for english in said:
            welsh = in_welsh(english)
            assert welsh, english
            assert not ENGLISH.search(welsh), welsh
            assert numbers(welsh) == numbers(english)


def test_one_day_and_one_meeting_are_singular() -> None:
    one = in_welsh("Hand in each piece of work within 1 day of when it is due.")
    assert one == "Cyflwynwch bob darn o waith o fewn 1 diwrnod i'r dyddiad cyflwyno."
    met = in_welsh("After 1 missed meeting in a row we ask how you are.")
    assert met == "Ar ôl i chi golli 1 cyfarfod, byddwn yn gofyn sut ydych chi."


@pytest.mark.parametrize(
    "unknown", ["Be kind.", "", "In each module, be kind. We ask how you are when you are not."]
)
def test_a_sentence_that_is_not_known_stays_english_and_is_marked(unknown: str) -> None:
    assert in_welsh(unknown) is None
    hoped: Any = in_language(Language.WELSH)["hoped"]
    assert hoped([unknown]) == [(unknown, "en-GB")]


def test_one_unknown_sentence_leaves_the_whole_in_english() -> None:
    known = "If you have more time agreed, the new day counts."
    assert in_welsh(known)
    assert in_welsh(f"{known} Be kind.") is None


def test_the_english_page_stays_english() -> None:
    known = "If you have more time agreed, the new day counts."
    hoped: Any = in_language(Language.ENGLISH)["hoped"]
    assert hoped([known]) == [(known, "en-GB")]
