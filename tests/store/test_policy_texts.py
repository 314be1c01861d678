"""§14, §6: no policy text that students read may threaten, under any key."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from store.actions.outreach.preview_letter import preview_example
from store.letters.checks import problems_as_sent
from store.policies.document import load
from store.rules.letters.letter import Language, LetterKind
from store.rules.policies.policy import SchoolPolicy, Urgent
from tests.people import LANGUAGES, policy_document

THREAT = "the registry, or you will be reported on 1"

# Keys whose text students do not read, or that allow only codes, addresses and setting names;
# and letters and reasons, which have checks of their own.
NOT_READ = {
    "timezone", "mailbox", "duty_contact", "key", "rule", "off", "levels", "programmes_in",
    "programmes_out", "views_from", "student", "staff", "subject", "text", "digest_at",
    "school",
}  # fmt: skip

WHOLE = """
[[services]]
key = "help"
name = "Wellbeing Service"
helps_with = "worry and low mood"
contact = "help@example.ac.uk"
[urgent]
out_of_hours = "Security on 1"
[traces]
swipes = ["gates"]
[calendar]
terms = [{ name = "Autumn", first = 2025-09-21, last = 2025-12-11 }]
closures = [{ name = "Reading week", first = 2025-11-03, last = 2025-11-07 }]
[[overrides]]
module = "FR101"
"""


def with_each_text(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield copies of the record, each with a threat in place of one of its texts."""
    if isinstance(value, str) and type(value) is str:
        yield "", THREAT
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            for path, made in with_each_text(each):
                yield path, (*value[:at], made, *value[at + 1 :])
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.name not in NOT_READ:
                for path, made in with_each_text(getattr(value, each.name)):
                    yield (
                        f"{each.name}{'.' if path else ''}{path}",
                        replace(value, **{each.name: made}),
                    )


POLICY: SchoolPolicy = load(policy_document(LANGUAGES) + WHOLE, "policy.toml")
CHANGED = {path: made for path, made in with_each_text(POLICY) if path}


def test_every_text_that_students_read_is_walked() -> None:
    assert list(problems_as_sent(POLICY)) == []
    assert {
        "services.name", "services.helps_with", "services.contact", "urgent.out_of_hours",
        "urgent.emergency", "urgent.listening", "approval.approved_by", "approval.published",
        "markers.sources", "traces.swipes",
    } <= CHANGED.keys()  # fmt: skip


@pytest.mark.parametrize("path", CHANGED)
def test_a_threat_under_any_key_is_refused_by_its_name(path: str) -> None:
    found = " ".join(problems_as_sent(CHANGED[path]))
    assert all(part in found for part in path.split("."))
    assert "reported" in found


@pytest.mark.parametrize(
    "name", ["Visa Compliance Team", "the Home Office on 1", "Exclusions Panel", "your last chance"]
)
def test_a_service_that_decides_over_a_place_is_no_help(name: str) -> None:
    services = (replace(POLICY.services[0], name=name),)
    assert "services[1].name" in " ".join(problems_as_sent(replace(POLICY, services=services)))
    urgent = replace(POLICY.urgent, out_of_hours=name, listening=name)
    found = " ".join(problems_as_sent(replace(POLICY, urgent=urgent)))
    assert "urgent.out_of_hours" in found
    assert "urgent.listening" in found


@pytest.mark.parametrize(
    "name",
    [
        "Academic Registry", "Disability and Dyslexia Service", "Money and Debt Advice",
        "International Student Visa Advice", "the Warden on 0161 496 0000", "Security on 1",
    ],
)  # fmt: skip
def test_a_service_that_helps_passes(name: str) -> None:
    services = (replace(POLICY.services[0], name=name),)
    urgent = replace(POLICY.urgent, out_of_hours=name)
    assert list(problems_as_sent(replace(POLICY, services=services, urgent=urgent))) == []


@pytest.mark.parametrize("language", Language)
def test_the_first_email_names_the_schools_contacts_where_it_has_any(language: Language) -> None:
    """§25: the email itself gives the student the school's own contact out of hours."""
    kind = LetterKind.UNIVERSITY_EMAIL
    assert "Security on 1" in preview_example(kind, language, POLICY)[1]
    nameless = replace(POLICY, urgent=Urgent())
    assert "Samaritans" not in preview_example(kind, language, nameless)[1]
