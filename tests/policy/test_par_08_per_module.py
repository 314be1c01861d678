"""§8: modules differ, so each is measured in its own way."""

import re

from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, SELDOM
from tests.policy.school import School


def test_each_module_is_measured_by_itself(school: School) -> None:
    card = school.person("alice").card(school.case_of(SELDOM)).text
    for module in ("GLA101", "GLA102", "GLA103"):
        assert re.search(rf"Attended \d of \d sessions in {module}", card), card


def test_a_module_whose_register_says_little_is_left_out(school: School) -> None:
    """The seminar of GLA101 is optional, so the school switches attendance off for it alone."""
    more = '[[overrides]]\nmodule = "GLA101"\noff = ["attendance"]\n'
    file = school.home / "module.toml"
    file.write_text(policy(GLAS, effective="2026-11-24", more=more), encoding="utf-8")
    done = school.lantern("policy", "publish", file, *TOLD)
    assert done.code == 0, done.text
    for day in ("2026-11-24", "2026-12-01", "2026-12-02"):
        school.morning(day)
    card = school.person("alice").card(school.case_of(SELDOM))
    assert not re.search(r"Attended \d of \d sessions in GLA101", card.active), card.text
    assert re.search(r"Attended \d of \d sessions in GLA102", card.active), card.text
    # A5: the school no longer looks at it, which does not mean that it has ended.
    assert not re.search(r"GLA101[^(]*\(it is over\)", card.text), card.text


def test_a_module_that_does_not_exist_is_said(school: School) -> None:
    """Trap: an override for a mistyped module code applies to no module."""
    more = '[[overrides]]\nmodule = "GLA1O1"\noff = ["attendance"]\n'
    file = school.home / "slip.toml"
    file.write_text(policy(GLAS, more=more), encoding="utf-8")
    assert "GLA1O1" in school.lantern("policy", "diff", file).text
