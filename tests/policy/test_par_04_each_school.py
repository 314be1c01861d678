"""§4: schools choose the measures that suit their discipline, and may differ."""

from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, OTHERS, RIVE, Habit
from tests.policy.school import School

LATER = "[rules.inactivity]\ndays = 40\n"


def _publish(school: School, code: str, text: str) -> str:
    file = school.home / f"{code.lower()}-next.toml"
    file.write_text(text, encoding="utf-8")
    return school.lantern("policy", "publish", file, *TOLD).text


def test_the_same_silence_is_a_case_in_one_school_and_not_in_the_other(school: School) -> None:
    _publish(school, RIVE, policy(RIVE, effective="2026-11-24", rules=LATER))
    glass = next(each for each in OTHERS if each.school == GLAS)
    rivers = next(each for each in OTHERS if each.school == RIVE)
    for who in (glass, rivers):
        school.changes(who, Habit(until=school.today))
    school.morning("2026-12-14")
    assert school.case_of(glass), "21 days of silence, and the school says 14"
    assert not school.case_of(rivers), "21 days of silence, and the school says 40"


def test_a_lead_tries_other_thresholds_and_nothing_live_changes(school: School) -> None:
    before = set(school.cards())
    file = school.home / "trial.toml"
    file.write_text(policy(GLAS, rules="[rules.inactivity]\ndays = 3\n"), encoding="utf-8")
    done = school.lantern("policy", "simulate", file, "--from", "2026-11-09", "--to", "2026-11-20")
    assert done.code == 0, done.text
    assert "student " not in done.text or "G4" in done.text, (
        f"simulate names students by a number that is not theirs: {done.text}"
    )
    school.works(sweep=True)
    assert set(school.cards()) == before


def test_a_misspelt_threshold_is_a_sentence_and_not_a_default(school: School) -> None:
    """Trap: a lead writes `day` and believes that it has an effect."""
    said = _publish(school, GLAS, policy(GLAS, rules="[rules.inactivity]\nday = 3\n"))
    assert "did you mean days" in said, said
