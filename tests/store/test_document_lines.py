"""Line numbers of the problems in a school's policy document."""

import pytest

from store.policies.document import PolicyProblems, parse
from store.policies.line_numbers import line_number

TEXT = """\
school = "LANG"  # the code

[approval]
approved_by = "Lena"
published = [
    "handbook",
]

[[overrides]]
level = "foundation"

[overrides.rules.inactivity]
days = 7

[[overrides]]
module = "FR101"
rules.attendance.below_share = 2

[rules.inactivity]
days = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("school is 3; allowed is text", 1),
        ("approval.published names 1 route", 5),
        ("approval.effective is missing", 3),
        ("overrides[1].rules.inactivity.days is 7", 13),
        ("overrides[2].module is x", 16),
        ("overrides[2].rules.attendance.below_share is 2", 17),
        ("overrides[2].off", 15),
        ("rules.inactivity.days is 1", 20),
        ("capacity is 0", None),
        ("this is not valid TOML", None),
    ],
)
def test_each_key_is_found_or_the_table_around_it(path: str, line: int | None) -> None:
    assert line_number(TEXT, path) == line


def test_a_documents_problems_say_it() -> None:
    with pytest.raises(PolicyProblems) as caught:
        parse(TEXT, "language.toml")
    assert any(
        each.startswith("language.toml, line 20: rules.inactivity.days is 1; allowed is")
        for each in caught.value.problems
    )
    assert any(
        each.startswith("language.toml, line 3: approval.effective is missing")
        for each in caught.value.problems
    )
