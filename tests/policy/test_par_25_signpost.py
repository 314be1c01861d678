"""§25: support is pointed to; nobody is diagnosed."""

import re

from tests.policy.acts import emailed
from tests.policy.people import SILENT
from tests.policy.school import School

DIAGNOSIS = re.compile(
    r"depress|anxiety|suicid|mental illness|diagnos|adhd|unstable", re.IGNORECASE
)


def test_letters_point_to_the_schools_own_services(school: School) -> None:
    text = emailed(school, SILENT).text
    assert "The Wellbeing House" in text
    assert "wellbeing@glass.example" in text
    assert not DIAGNOSIS.search(text), text


def test_a_referral_passes_nothing_on_without_consent(school: School) -> None:
    bob = school.person("bob")
    reference = school.case_of(SILENT)
    bob.fills(f"refer {reference}", service="wellbeing", consent="no")
    school.works(sweep=True)
    card = bob.card(reference)
    assert "Referred" not in card.heading, "referred without the student's consent"


def test_no_email_diagnoses(school: School) -> None:
    """Trap: a kind colleague who has read about it."""
    alice = school.person("alice")
    said = alice.drafts(school.case_of(SILENT), "I think that you are suffering from depression.")
    assert said.text, "a diagnosis was kept as a draft"


def test_no_letter_promises_today_outside_working_hours(school: School) -> None:
    """A14."""
    email = emailed(school, SILENT)
    assert not re.search(r"\b(?:today|straight away|immediately|at once)\b", email.text), email.text
