"""§2: engagement has many dimensions; evidence stays separate and is never one score."""

import re

from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, NO_MEETINGS, ONE_CLICK, SELDOM
from tests.policy.school import School

SCORE = re.compile(r"\bscore|\brating\b|\brank(?:ed|ing)?\b|risk level|\bindex\b", re.IGNORECASE)


def test_each_family_gives_its_own_reason_and_none_is_summed_up(school: School) -> None:
    alice = school.person("alice")
    card = alice.card(school.case_of(ONE_CLICK))
    for family in ("Essay 1", "meetings arranged", "sessions in GLA101"):
        assert family in card.text, f"{family} has no reason of its own: {card.text}"
    shown = [card.text, alice.looks_at(card.reference), alice.types("today").text]
    shown += [school.person("edgar").types(line).text for line in ("report", "coverage")]
    for text in shown:
        assert not SCORE.search(text), f"a score: {text}"


def test_a_school_cannot_write_a_score_into_its_policy(school: School) -> None:
    """Trap: a lead who would like one number."""
    file = school.home / "score.toml"
    for attempt in (
        "[rules.score]\nbelow = 40\n",
        '[[markers]]\nfamily = "score"\nsources = ["s"]\n',
    ):
        file.write_text(policy(GLAS, more=attempt), encoding="utf-8")
        done = school.lantern("policy", "check", file)
        assert done.code != 0, f"accepted: {attempt}"
        assert "allowed" in done.text, done.text


def test_one_fact_belongs_to_one_family(school: School) -> None:
    """A missed meeting with an adviser does not also count as a missed session (A15)."""
    rules = "[rules.absences]\nin_a_row = 3\n\n[rules.missed-meetings]\nin_a_row = 3\n"
    file = school.home / "absences.toml"
    file.write_text(policy(GLAS, effective="2026-11-24", rules=rules), encoding="utf-8")
    done = school.lantern("policy", "publish", file, *TOLD)
    assert done.code == 0, done.text
    school.morning("2026-11-24")
    alice = school.person("alice")
    card = alice.card(school.case_of(NO_MEETINGS))
    assert "meetings arranged" in card.text, card.text
    assert not re.search(r"[Aa]bsent|sessions running", card.text), (
        f"missed meetings are counted as absences from sessions too: {card.text}"
    )
    assert "session" in alice.card(school.case_of(SELDOM)).text
