"""A school's policy document, and the problems reported when part of it is changed."""

import re

import pytest

from store.policies.document import PolicyProblems, parse

DOCUMENT = """\
school = "LANG"
views_needed = 2
clear_after_days = 10
show_names = true
digest_at = "08:15"

[approval]
approved_by = "Alice Adviser, engagement lead"
effective = 2025-09-01
published = ["student handbook", "module pages"]

[[markers]]
family = "vle"
sources = ["moodle"]

[[markers]]
family = "attendance"
sources = ["registers", "card-readers"]

[rules.inactivity]
days = 10

[rules.attendance]
below_share = 1

[scope]
levels = ["undergraduate", "mres"]
programmes_in = ["R900"]

[calendar]
timezone = "Europe/London"
terms = [
    { name = "Autumn", first = 2025-09-22, last = 2025-12-12 },
    { name = "Spring", first = 2026-01-19, last = 2026-04-03 },
]
closures = [{ name = "Winter closure", first = 2025-12-22, last = 2026-01-02 }]
quiet_from = "17:30"
quiet_until = 08:30:00

[outreach]
mailbox = "languages@example.ac.uk"
drafter_may_approve = false

[[ladder]]
rung = "university-email"
wait_days = 3

[[ladder]]
rung = "phone"
wait_days = 2
"""


def problems(document: str) -> list[str]:
    """Return the reported problems without line numbers, which have a test of their own."""
    with pytest.raises(PolicyProblems) as caught:
        parse(document, "language.toml")
    return [re.sub(r", line \d+:", ":", each) for each in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert DOCUMENT.count(old) == 1
    return DOCUMENT.replace(old, new)
