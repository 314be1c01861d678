"""Each fact of a student's flags is stated once, and the audit is in words."""

from __future__ import annotations

import pytest

from store.rules.access.audit_words import detail, did
from store.rules.flags.facts import FlagFact, each_once, fact_of
from store.rules.model import MarkerFamily


@pytest.mark.parametrize(
    ("rule", "family", "key", "fact"),
    [
        ("inactivity", "vle", "inactivity||", FlagFact("inactivity", "", "")),
        ("inactivity", "vle", "inactivity", FlagFact("inactivity", "", "")),
        ("attendance", "attendance", "attendance|FR101|", FlagFact("attendance", "FR101", "")),
        ("x", "vle", "x|FR101|Essay 1|draft", FlagFact("x", "FR101", "Essay 1|draft")),
        (
            "fading-out",
            "attendance",
            "fading-out|FR101|attendance",
            FlagFact("attendance", "FR101", ""),
        ),
        (
            "fading-out",
            "submissions",
            "fading-out|FR101|Essay 1",
            FlagFact("missed-submission", "FR101", "Essay 1"),
        ),
        ("fading-out", "vle", "fading-out|FR101|vle", FlagFact("quiet-weeks", "FR101", "")),
        (
            "fading-out",
            "meetings",
            "fading-out|FR101|meetings",
            FlagFact("fading-out", "FR101", ""),
        ),
    ],
)
def test_a_flag_states_a_measure_a_module_and_a_piece_of_work(
    rule: str, family: str, key: str, fact: FlagFact
) -> None:
    assert MarkerFamily(family)
    assert fact_of(rule, family, key) == fact


def test_each_fact_and_each_sentence_is_said_once_by_the_rule_that_measures_it() -> None:
    first, second = FlagFact("attendance", "FR101", ""), FlagFact("attendance", "FR102", "")
    third = FlagFact("attendance", "FR103", "")
    flags = [
        (first, "Not seen.", True),
        (first, "Seen twice.", False),
        (first, "Seen once.", True),
        (first, "Seen again.", False),
        (second, "Seen less.", True),
        (third, "Seen twice.", False),
    ]
    said = each_once(flags, lambda flag: flag[0], lambda flag: flag[1], lambda flag: flag[2])
    assert [flag[1] for flag in said] == ["Seen twice.", "Seen less."]


def test_the_audit_is_read_in_words() -> None:
    assert did("make-backup") == "made a backup"
    assert did("said-fine") == "told Lantern something on"
    assert did("an-unknown-act") == "an unknown act"
    details: list[tuple[str, str | float | None, str]] = [
        ("opinion", "contact-now", "opinion: contact now"),
        ("ended_on", "2025-10-06", "ended on: 2025-10-06"),
        ("is_urgent", True, "is urgent: yes"),
        ("is_urgent", False, "is urgent: no"),
        ("number", 3, "number: 3"),
        ("number", None, ""),
        ("sha256", "abc", ""),
    ]
    for name, value, said in details:
        assert detail(name, value) == said
