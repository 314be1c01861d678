"""Case references in the forms that people type; no other text is read as one."""

import pytest

from store.rules.cases.reference import as_reference, join_reference, may_be_split


@pytest.mark.parametrize(
    "typed",
    [
        "LANG-2",
        "lang-2",
        " Lang-2 ",
        "LANG 2",
        "lang - 2",
        "LANG–2",
        "LANG2",
        "lang-002",
        '"LANG-2"',
    ],
)
def test_a_reference_in_any_case_and_with_spaces(typed: str) -> None:
    assert as_reference(typed) == "LANG-2"


@pytest.mark.parametrize(
    ("typed", "written"),
    [("cs2-12", "CS2-12"), ("A-B-7", "A-B-7"),
     ("-A--7", "-A-7"), ("“ LANG-2 ”", "LANG-2"), ("CS2 12", "CS2-12"), ("LANG-2 wait", None),
     ("1001", None), ("X0000012", None), ("Dana", None), ("", None), ("-2", None)],
)  # fmt: skip
def test_other_words_are_no_reference(typed: str, written: str | None) -> None:
    assert as_reference(typed) == written


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("LANG 2 wait she was ill", "LANG-2 wait she was ill"),
        ("lang – 2", "LANG-2"),
        ("LANG-2 wait", "LANG-2 wait"),
        ("Dana 2", "Dana 2"),
        ("MATH 2x", "MATH 2x"),
        ("1001 has not come", "1001 has not come"),
    ],
)
def test_only_a_schools_code_begins_a_reference(line: str, read: str) -> None:
    assert join_reference(line, {"LANG", "MATH"}) == read


@pytest.mark.parametrize(
    ("line", "may_be"),
    [("Dana 2", True), ("lang - 2 wait", True), ("LANG-2 wait", False), ("wait", False)],
)
def test_a_line_that_may_begin_with_a_split_reference(line: str, may_be: bool) -> None:
    assert may_be_split(line) is may_be
