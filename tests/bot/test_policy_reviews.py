"""§18: the review calendar says what is due, who reviewed it, and what they found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.notices.digests import week_card
from store.queries.notices.week import week
from store.tables import audit, policy_reviews
from tests.people import policy_document
from tests.worker.office import Office, office_in, words

FOUND = "they read well in both languages"
SOON = policy_document() + "[reviews]\nletters_months = 1\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Provide policies in force since 1 September 2025; today is 22 October."""
    with office_in(tmp_path) as made:
        yield made


def the_week(office: Office) -> str:
    with office.services.store.database.read() as connection:
        return words(week_card(week(connection, office.world.school(), office.world.today)))


def test_nothing_is_due_in_the_first_year_unless_the_school_says_so(office: Office) -> None:
    said = words(office.types("lena", "policy-review").card)
    assert said.count("due on Tuesday 1 September 2026") == 3
    assert said.count("Not reviewed yet") == 3
    assert "These are due" not in the_week(office)

    office.world.publish(SOON)
    assert "Letters: due since Wednesday 1 October 2025." in words(
        office.types("lena", "policy-review").card
    )
    assert "These are due: letters." in the_week(office)


def test_a_review_is_recorded_with_who_when_and_what_was_found(office: Office) -> None:
    office.world.publish(SOON)
    assert "is recorded." in words(office.types("lena", f"policy-review letters {FOUND}").card)

    said = words(office.types("lena", "policy-review").card)
    assert f"Lena Lead on Wednesday 22 October 2025: {FOUND}" in said
    assert "Letters: due on Saturday 22 November 2025." in said
    assert "These are due" not in the_week(office)
    (row,) = office.world.rows(policy_reviews)
    assert (row["subject"], row["by_staff_id"]) == ("letters", office.world.staff("lena"))
    (logged,) = office.world.rows(audit, action="policy-review")
    assert logged["details"] == {"reviewed": "letters"}, "what was found stays in its table"


def test_the_form_is_the_same_as_the_line(office: Office) -> None:
    dialog = office.clicks("lena", "policy-review", school=office.world.school()).dialog
    assert dialog
    assert "found" in office.submits("lena", dialog, subject="fairness", found="no").errors
    assert "subject" in office.submits("lena", dialog, subject="mood", found=FOUND).errors
    office.submits("lena", dialog, subject="fairness", found=FOUND)
    assert [row["subject"] for row in office.world.rows(policy_reviews)] == ["fairness"]


@pytest.mark.parametrize("line", ["policy-review", f"policy-review letters {FOUND}"])
def test_it_is_the_lead_s(office: Office, line: str) -> None:
    for name in ("alice", "bob", "sana"):
        assert "engagement lead" in words(office.types(name, line).card)
    assert "LANG" not in words(office.types("max", f"policy-review LANG letters {FOUND}").card)
    dialog = office.clicks("lena", "policy-review", school=office.world.school()).dialog
    assert dialog
    forged = office.submits("max", dialog, subject="letters", found=FOUND)
    assert "MATH" in " ".join(forged.errors.values())
    assert office.world.rows(policy_reviews) == []
