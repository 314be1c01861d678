"""The changes in a draft policy: one sentence for each, none for what stays the same."""

from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.letters.letter import LetterKind, SchoolLetter
from store.rules.model import Level
from store.rules.policies.custom_reasons import OwnWords
from store.rules.policies.diff import policy_differences
from store.rules.policies.overrides import Override, RuleChange
from store.rules.policies.policy import SchoolPolicy
from tests.store.policy_example import DOCUMENT, changed


def diff(draft: str) -> list[str]:
    return policy_differences(parse(DOCUMENT, "old"), parse(draft, "new"))


def test_the_same_policy_changes_nothing() -> None:
    assert diff(DOCUMENT) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("y]\ndays = 10", "y]\ndays = 12", "rules.inactivity.days was 10; it becomes 12."),
        ("views_needed = 2", "", "views_needed was 2; it becomes 1."),
        ("show_names = true", "show_names = false", "show_names was true; it becomes false."),
        ("quiet_until = 08:30:00", "quiet_until = 09:00:00",
         "calendar.quiet_until was 08:30; it becomes 09:00."),
        ('["registers", "card-readers"]', '["registers"]',
         "markers.attendance.sources was registers and card-readers; it becomes registers."),
        ('levels = ["undergraduate", "mres"]', 'levels = ["undergraduate"]',
         "scope.levels was mres and undergraduate; it becomes undergraduate."),
        ("[rules.attendance]\nbelow_share = 1", "[rules.absences]\nin_a_row = 6",
         "rules.attendance is removed; it was below_share 1, expected_at_least 4 and "
         "stale_after_days 7."),
        ("[rules.attendance]\nbelow_share = 1", "[rules.absences]\nin_a_row = 6",
         "rules.absences is new: in_a_row 6 and stale_after_days 7."),
        ('levels = ["undergraduate", "mres"]',
         'levels = ["undergraduate", "mres", "foundation", "postgraduate-taught"]',
         "scope.levels was mres and undergraduate; it becomes foundation, mres, "
         "postgraduate-taught and undergraduate."),
        ('[[ladder]]\nrung = "phone"\nwait_days = 2', "",
         "ladder was university-email 3 and phone 2; it becomes university-email 3."),
        ("2026-04-03 }", "2026-04-10 }",
         "calendar.terms was Autumn 2025-09-22 2025-12-12 and Spring 2026-01-19 2026-04-03; it "
         "becomes Autumn 2025-09-22 2025-12-12 and Spring 2026-01-19 2026-04-10."),
    ],
)  # fmt: skip
def test_each_change_is_a_sentence(old: str, new: str, sentence: str) -> None:
    assert sentence in diff(changed(old, new))


def test_of_a_letter_the_words_that_change_are_said() -> None:
    policy = parse(DOCUMENT, "old")
    letter = SchoolLetter(LetterKind.WELFARE, "A chat", "Hello.\n\nHow are you today?")
    other = replace(letter, subject="A word", text="Hello.\n\nHow are things today?")
    old, new = (replace(policy, letters=(each,)) for each in (letter, other))
    assert policy_differences(old, new) == [
        "letters.welfare in en.subject was A chat; it becomes A word.",
        "letters.welfare in en: text changes. Was: “How are you today?” Now: “How are things "
        "today?”",
    ]
    assert policy_differences(policy, old) == [
        "letters.welfare in en is new: subject A chat and text Hello. How are you today?."
    ]
    for length, end in ((200, "."), (201, "….")):
        long = replace(policy, letters=(replace(letter, text="x" * length),))
        (said,) = policy_differences(policy, long)
        assert said.endswith(f"text {'x' * 200}{end}")


def test_an_override_and_own_words_are_named_by_whom_they_are_for() -> None:
    more = (
        '[[overrides]]\nlevel = "foundation"\nmodule = "FR101"\noff = ["absences"]\n'
        "[overrides.rules.attendance]\nbelow_share = 0.25\n"
        '[[words]]\nrule = "inactivity"\nstudent = "How are you?"\n'
    )
    assert diff(DOCUMENT + more) == [
        "overrides.foundation FR101 is new: rules.attendance.below_share 0.25 and off absences.",
        "words.inactivity is new: student How are you?.",
    ]
    back = policy_differences(parse(DOCUMENT + more, "old"), parse(DOCUMENT, "new"))
    assert [each.partition(" is ")[0] for each in back] == [
        "overrides.foundation FR101",
        "words.inactivity",
    ]


def test_what_a_list_gains_or_loses_is_named(policy: SchoolPolicy) -> None:
    override = Override(level=Level.FOUNDATION, off=("attendance",))
    more = replace(policy, overrides=(override,))
    assert policy_differences(policy, more) == ["overrides.foundation is new: off attendance."]
    assert policy_differences(more, policy) == [
        "overrides.foundation is removed; it was off attendance."
    ]
    rules = (RuleChange("attendance", (("below_share", 0.5),)),)
    other = replace(more, overrides=(replace(override, off=(), rules=rules),))
    assert policy_differences(more, other) == [
        "overrides.foundation.off was attendance; it becomes nothing.",
        "overrides.foundation.rules.attendance.below_share was nothing; it becomes 0.5.",
    ]
    nobody = replace(policy, outreach=replace(policy.outreach, mailbox=""))
    assert policy_differences(policy, nobody) == [
        "outreach.mailbox was languages@example.ac.uk; it becomes nothing."
    ]
    without = replace(policy, calendar=replace(policy.calendar, closures=()))
    (said,) = policy_differences(policy, without)
    assert said.endswith("; it becomes nothing.")


def test_a_long_text_is_cut_where_it_is_new(policy: SchoolPolicy) -> None:
    words = "please tell us how you are " * 12
    new = replace(policy, words=(OwnWords("inactivity", student=words.strip()),))
    (said,) = policy_differences(policy, new)
    assert said == f"words.inactivity is new: student {words.strip()[:200]}…."
    short = replace(policy, words=(OwnWords("inactivity", student="x" * 200),))
    assert policy_differences(policy, short) == [f"words.inactivity is new: student {'x' * 200}."]
