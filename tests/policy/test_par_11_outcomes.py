"""§11: insights lead to support: meetings, resources, referrals; a case has an outcome."""

import pytest

from tests.policy.people import SILENT
from tests.policy.school import School
from worker.demo.browser import NotThere


@pytest.mark.parametrize("outcome", ["", "solved", "punished", "withdrawn-from-course"])
def test_a_case_is_closed_with_one_of_the_policys_outcomes_or_not_at_all(
    school: School, outcome: str
) -> None:
    bob = school.person("bob")
    reference = school.case_of(SILENT)
    try:
        said = bob.fills(f"close {reference}", outcome=outcome, helped="conversation").text
    except NotThere as refused:
        said = str(refused)
    school.works(sweep=True)
    assert "Closed" not in bob.card(reference).heading
    assert said


def test_how_it_ended_stands_on_the_card_and_in_the_report(school: School) -> None:
    bob = school.person("bob")
    reference = school.case_of(SILENT)
    bob.fills(f"refer {reference}", service="wellbeing", consent="yes")
    bob.fills(
        f"close {reference}", outcome="referral-agreed", helped="service", note="Agreed today"
    )
    school.works(sweep=True)
    card = bob.card(reference).text
    assert "eferral agreed" in card, card
    assert "eferral agreed" in school.person("edgar").types("report").text


def test_nobody_closes_what_is_not_theirs(school: School) -> None:
    """Trap: a colleague of the other school knows the reference."""
    goran = school.person("goran")
    reference = school.case_of(SILENT)
    opened = goran.types(f"close {reference}")
    assert opened.dialog is None
    assert opened.said
