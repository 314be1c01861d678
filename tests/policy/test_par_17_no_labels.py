"""§17: analytics never give the whole picture, and no student is labelled by them."""

import re

import pytest

from tests.policy.document import policy
from tests.policy.people import GLAS, SILENT, STUDENTS, Habit, write_roster
from tests.policy.school import School

LABEL = re.compile(
    r"at[- ]risk|low[- ]engag|disengaged|problem|weak student|dropout", re.IGNORECASE
)


def test_no_list_sorts_people_into_kinds(school: School) -> None:
    alice, edgar = school.people("alice", "edgar")
    said = [alice.types(line).text for line in ("today", "mine", "queue", "home")]
    said += [edgar.types(line).text for line in ("today", "coverage", "report", "digest week")]
    for text in said:
        assert not LABEL.search(text), text


@pytest.mark.parametrize(
    "label", ["She is just lazy and a hopeless student", "typical dropout, low engager"]
)
def test_a_note_with_a_label_is_asked_about(school: School, label: str) -> None:
    """A8: the student may read this one day, so Lantern asks and does not refuse."""
    bob = school.person("bob")
    reference = school.case_of(SILENT)
    opened = bob.types(f"note {reference}")
    asked = opened.sends(note=label)
    assert asked.text, f"kept without a question: {label}"
    assert "read" in asked.text.casefold(), asked.text


def test_earlier_cases_are_hidden_until_somebody_opens_them_and_that_is_logged(
    school: School,
) -> None:
    bob, alice = school.people("bob", "alice")
    reference = school.case_of(SILENT)
    bob.fills(f"close {reference}", outcome="data-error", helped="nothing-needed")
    for day in ("2026-12-07", "2026-12-09"):
        school.morning(day)
    newest = school.case_of(SILENT)
    if newest == reference:
        bob.types(f"reopen {reference}")
        newest = school.case_of(SILENT)
    alice.types(f"history {newest}")
    assert re.search(r"Alice Amber.{0,90}histor", school.audit()), (
        "who opened earlier cases is not logged"
    )


def test_protected_characteristics_are_no_input(school: School) -> None:
    """Trap: a roster and a policy that include them nevertheless."""
    folder = write_roster(school.home / "more", STUDENTS)
    lines = (folder / "students.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{lines[0]},ethnicity,disability", *(f"{each},Invented,yes" for each in lines[1:])]
    (folder / "students.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert school.lantern("ingest", "roster", folder).code == 0
    file = school.home / "protected.toml"
    file.write_text(policy(GLAS, more='[rules.ethnicity]\nis = "x"\n'), encoding="utf-8")
    assert school.lantern("policy", "check", file).code != 0
    school.morning("2026-11-24")
    shown = school.person("alice").looks_at(school.case_of(SILENT))
    assert "ethnicity" not in shown
    assert "Invented" not in shown


def test_a_reason_that_is_over_is_no_longer_held_against_anyone(school: School) -> None:
    school.changes(SILENT, Habit())
    for day in ("2026-11-30", "2026-12-07", "2026-12-14", "2026-12-15"):
        school.morning(day)
    card = school.person("alice").card(school.case_of(SILENT))
    assert "Not seen since Friday 6 November" not in card.active, card.text
