"""§6: all students but research students, unless their programme says so; visas play no part."""

import pytest

from tests.policy.acts import tries_to_approve
from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, MRES, RESEARCHER, RIVE, SILENT, TAUGHT
from tests.policy.school import School


def test_a_silent_research_student_is_not_looked_at_and_a_taught_one_is(school: School) -> None:
    assert not school.case_of(RESEARCHER)
    assert school.case_of(TAUGHT)
    assert not school.case_of(MRES)


def test_a_programmes_own_regulations_bring_its_researchers_in(school: School) -> None:
    scope = (
        '[scope]\nlevels = ["foundation", "undergraduate", "postgraduate-taught"]\n'
        'programmes_in = ["PhD Glass"]\n'
    )
    file = school.home / "scope.toml"
    file.write_text(policy(GLAS, effective="2026-11-24", scope=scope), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    school.morning("2026-11-24")
    assert school.case_of(RESEARCHER)
    assert not school.case_of(MRES), "that was the other school's programme"


def test_ambiguous_levels_are_the_schools_setting(school: School) -> None:
    scope = '[scope]\nlevels = ["foundation", "undergraduate", "postgraduate-taught", "mres"]\n'
    file = school.home / "scope.toml"
    file.write_text(policy(RIVE, effective="2026-11-24", scope=scope), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    school.morning("2026-11-24")
    assert school.case_of(MRES)


def test_all_research_students_at_once_are_refused(school: School) -> None:
    """Trap: a scope that names every level."""
    scope = '[scope]\nlevels = ["undergraduate", "postgraduate-research"]\n'
    file = school.home / "scope.toml"
    file.write_text(policy(GLAS, scope=scope), encoding="utf-8")
    done = school.lantern("policy", "check", file)
    assert done.code != 0
    assert "postgraduate-research" in done.text


@pytest.mark.parametrize(
    "threat",
    [
        "We will report you to the Home Office.",
        "Your visa may be affected.",
        "Your sponsorship depends on your attendance.",
    ],
)
def test_no_email_speaks_of_visas(school: School, threat: str) -> None:
    """A8: a student on a visa is in scope for support, and Lantern does no immigration checks."""
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, "She has not answered my message about the seminar")
    drafted = alice.drafts(reference, threat)
    stopped = drafted.text or tries_to_approve(bob, reference)
    school.works(sweep=True)
    assert not [each for each in school.emails() if threat in each.text], "the threat was sent"
    assert stopped, f"accepted as it is: {threat}"


def test_what_is_harmless_may_be_written(school: School) -> None:
    alice = school.person("alice")
    harmless = "The tour of the old Home Office building is still on, if you would like to join."
    assert not alice.drafts(school.case_of(SILENT), harmless).errors
