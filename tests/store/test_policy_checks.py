"""The exact sentence for each combination of values that contradict each other."""

import pytest

from store.policies.document import parse
from store.rules.flag_rules import RULES
from store.rules.text.formatting import listed
from tests.store.policy_example import DOCUMENT, changed, problems

SENSE = [
    (
        '["student handbook", "module pages"]',
        '["email", "Email"]',
        "approval.published names 1 route; allowed is at least 2 by which students were told, "
        'as in ["student handbook", "email"]',
    ),
    (
        'sources = ["moodle"]',
        "sources = []",
        "markers[1].sources is empty; allowed is at least one agreed source",
    ),
    (
        '["registers", "card-readers"]',
        '["registers", "registers"]',
        'markers[2].sources has the source "registers" 2 times; allowed is once',
    ),
    (
        'family = "attendance"',
        'family = "recordings"',
        "rules.attendance has no source to check: markers has none of attendance; add an agreed "
        'source, or switch the rule off ("#" before each of its lines)',
    ),
    (
        'levels = ["undergraduate", "mres"]\nprogrammes_in = ["R900"]',
        "levels = []",
        "scope is empty; allowed is at least one level or programme",
    ),
    (
        '"undergraduate", "mres"',
        '"postgraduate-research"',
        'scope.levels has "postgraduate-research"; allowed is every other level, and '
        "programmes_in for a research programme whose own regulations say so",
    ),
    (
        'programmes_in = ["R900"]',
        'programmes_in = ["R900"]\nprogrammes_out = ["R900"]',
        "scope has R900 both in programmes_in and in programmes_out; allowed is one of them",
    ),
    (
        "Europe/London",
        "Europe/Londinium",
        'calendar.timezone is "Europe/Londinium"; allowed is the name of a time zone, '
        "as in Europe/London",
    ),
    (
        "Europe/London",
        "../etc/passwd",
        'calendar.timezone is "../etc/passwd"; allowed is the name of a time zone, '
        "as in Europe/London",
    ),
    (
        "last = 2026-01-02",
        "last = 2025-12-02",
        "calendar.closures[1].last is 2025-12-02; allowed is 2025-12-22, which is first, or later",
    ),
    (
        "first = 2026-01-19",
        "first = 2025-12-12",
        'calendar.terms overlap: "Spring" begins on 2025-12-12; allowed is after 2025-12-12, '
        'when "Autumn" ends',
    ),
    (
        '"17:30"',
        '"08:30"',
        "calendar.quiet_from and quiet_until are both 08:30; allowed is two different times, "
        "or outreach.quiet_hours = false for none",
    ),
    (
        'rung = "phone"',
        'rung = "university-email"',
        'ladder has the rung "university-email" 2 times; allowed is once',
    ),
    (
        'mailbox = "languages@example.ac.uk"',
        "",
        "outreach.mailbox is missing; it has to be given, since the ladder has an email step",
    ),
    (
        "languages@example.ac.uk",
        "Languages <languages@example.ac.uk>",
        'outreach.mailbox is "Languages <languages@example.ac.uk>"; allowed is one plain email '
        "address",
    ),
    (
        "[rules.inactivity]",
        "[rules.missed-submission]\ngrace_days = 9\nforget_after_days = 9\n[rules.inactivity]",
        "rules.missed-submission.forget_after_days is 9; allowed is more than grace_days, "
        "which is 9",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), SENSE)
def test_values_that_do_not_go_together(old: str, new: str, sentence: str) -> None:
    assert problems(changed(old, new)) == [f"language.toml: {sentence}"]


def test_a_family_is_declared_once() -> None:
    found = problems(changed('family = "attendance"', 'family = "vle"'))
    assert 'language.toml: markers has the family "vle" 2 times; allowed is once' in found


def test_nothing_to_watch_and_nothing_to_do() -> None:
    scalars, _, rest = DOCUMENT.partition("[approval]")
    approval = rest.partition("[[markers]]")[0]
    bare = f"{scalars}markers = []\nladder = []\n[approval]{approval}[rules]\n"
    assert problems(bare) == [
        "language.toml: markers is empty; allowed is at least one family with its agreed sources",
        "language.toml: rules is empty; allowed is at least one of "
        + listed([rule.NAME for rule in RULES]),
        "language.toml: ladder is empty; allowed is at least one step of contact",
    ]


def test_a_ladder_without_emails_needs_no_mailbox() -> None:
    first = DOCUMENT.index("[[ladder]]")
    last = DOCUMENT.index("[[ladder]]", first + 1)
    calls = (DOCUMENT[:first] + DOCUMENT[last:]).replace('mailbox = "languages@example.ac.uk"', "")
    assert len(parse(calls, "language.toml").ladder) == 1


def test_the_least_clearing_period_is_allowed() -> None:
    rules = "[rules.inactivity]\nback_on_days = 2\n"
    document = changed("[rules.inactivity]\n", rules).replace("clear_after_days = 10", "")
    assert parse(f"clear_after_days = 3\n{document}", "language.toml").clear_after_days == 3
