"""§21: levels are agreed by the school, approved by someone, from a day on."""

from tests.policy.document import policy
from tests.policy.people import GLAS, SILENT
from tests.policy.school import School


def _publish(school: School, text: str) -> str:
    file = school.home / f"{len(list(school.home.iterdir()))}.toml"
    file.write_text(text, encoding="utf-8")
    return school.lantern("policy", "publish", file).text


def test_a_past_flag_keeps_the_version_that_raised_it(school: School) -> None:
    rules = "[rules.inactivity]\ndays = 40\n"
    assert "version 2" in _publish(school, policy(GLAS, effective="2026-11-25", rules=rules))
    for day in ("2026-11-24", "2026-11-26"):
        school.morning(day)
    card = school.person("alice").card(school.case_of(SILENT)).text
    assert "version 1" in card, card
    assert "Not seen since" in card, card


def test_flags_of_two_versions_name_both(school: School) -> None:
    _publish(school, policy(GLAS, effective="2026-11-24"))
    school.morning("2026-11-24")
    card = school.person("alice").card(school.case_of(SILENT)).text
    assert "School policy, versions 1 and 2." in card, card


def test_a_version_is_not_in_force_before_its_day(school: School) -> None:
    rules = "[rules.missed-submission]\ngrace_days = 28\n"
    _publish(school, policy(GLAS, effective="2026-12-01", rules=rules))
    before = school.lantern("policy", "statement", GLAS).text
    school.at("09:00", "2026-12-01")
    after = school.lantern("policy", "statement", GLAS).text
    assert before != after
    assert "version 1" in before or "Version 1" in before, before[:400]


def test_without_an_approver_or_a_day_it_is_no_policy(school: School) -> None:
    for gone in ('approved_by = "Edgar Ember, engagement lead"\n', "effective = 2026-10-05\n"):
        text = policy(GLAS)
        assert gone in text
        said = _publish(school, text.replace(gone, ""))
        assert "missing" in said, said
