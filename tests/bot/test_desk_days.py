"""Dates in each command that takes one, typed and filled in, in each way people write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.tables import cases, covers, exemptions, staff
from tests.worker.office import Office, office_in, words

# The office's day is Wednesday 22 October 2025.
SAID = {
    "tomorrow": dt.date(2025, 10, 23),
    "friday": dt.date(2025, 10, 24),
    "until friday": dt.date(2025, 10, 24),
    "next monday": dt.date(2025, 10, 27),
    "in 2 weeks": dt.date(2025, 11, 5),
    "1 december": dt.date(2025, 12, 1),
    "on the 1st of December": dt.date(2025, 12, 1),
    "2025-11-03": dt.date(2025, 11, 3),
}
OVER = ("2025-10-01", "3 january 2025")
NONSENSE = ("someday", "30 february", "in weeks", "2025-13-01")

# The command, what it sets, and the form's fields beside the date, which is the last one's.
COMMANDS = {
    "pause": ("pause LANG-1 {day} waiting for a note", {"why": "waiting for a note"}, "until"),
    "snooze": ("snooze LANG-1 {day}", {}, "until"),
    "exempt": (
        "exempt LANG-1 placement {day} at a school abroad",
        {"kind": "placement", "first": "today", "reason": "at a school abroad"},
        "last",
    ),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        made.world.open_case()
        yield made


def kept(office: Office) -> list[object]:
    """Return the dates that were saved, by any command."""
    (case,) = office.world.rows(cases)
    found = [case["paused_until"], case["snoozed_until"]]
    found += [row["last"] for row in (*office.world.rows(exemptions), *office.world.rows(covers))]
    return [each for each in found if each]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_day_is_typed_as_it_is_said(office: Office, command: str, said: str) -> None:
    line, _, _ = COMMANDS[command]
    answer = office.types("sana", line.format(day=said))
    assert kept(office) == [SAID[said]], words(answer.card)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_form_takes_the_same_where_a_platform_has_no_calendar(
    office: Office, command: str
) -> None:
    _, beside, field = COMMANDS[command]
    office.submits("sana", office.dialog("sana", command, 1), **beside, **{field: "next monday"})
    assert kept(office) == [SAID["next monday"]]


@pytest.mark.parametrize("said", [*OVER, *NONSENSE])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_over_or_no_day_is_one_sentence_and_sets_nothing(
    office: Office, command: str, said: str
) -> None:
    line, beside, field = COMMANDS[command]

    typed = office.types("sana", line.format(day=said)).card
    form = office.submits("sana", office.dialog("sana", command, 1), **beside, **{field: said})

    assert kept(office) == []
    assert typed
    assert len(typed.blocks) == 1
    assert "went wrong" not in words(typed)
    assert set(form.errors) == {field}


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("cover sana alice friday", dt.date(2025, 10, 24)),
        ("cover sana alice next monday", dt.date(2025, 10, 27)),
        ("cover sana alice until the 1st of November", dt.date(2025, 11, 1)),
        ("cover sana alice tomorrow until in 2 weeks", dt.date(2025, 11, 6)),
    ],
)
def test_cover_is_arranged_in_the_same_words(office: Office, line: str, last: dt.date) -> None:
    office.types("lena", line)
    assert kept(office) == [last]


def test_the_form_for_cover_takes_them_too(office: Office) -> None:
    form = office.types("lena", "cover").dialog
    assert form
    who = {"absent": str(office.world.staff("sana")), "cover": str(office.world.staff("alice"))}

    for said in (*OVER, *NONSENSE):
        wrong = office.submits("lena", form, **who, first="today", last=said)
        assert set(wrong.errors) == {"last"}, said
    assert kept(office) == []
    office.submits("lena", form, **who, first="tomorrow", last="friday")
    assert kept(office) == [SAID["friday"]]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("1 october", dt.date(2025, 10, 1)),
        ("yesterday", dt.date(2025, 10, 21)),
        ("last friday", dt.date(2025, 10, 17)),
        ("2025-09-30", dt.date(2025, 9, 30)),
    ],
)
def test_training_has_been(office: Office, said: str, day: dt.date) -> None:
    office.types("lena", f"train alice {said}")
    (row,) = office.world.rows(staff, email="alice@example.ac.uk")
    assert row["trained_on"] == day


@pytest.mark.parametrize("said", ["tomorrow", "2025-10-23", "never"])
def test_training_that_has_not_been_is_not_recorded(office: Office, said: str) -> None:
    assert "a day in the past" in words(office.types("lena", f"train alice {said}").card)
    (row,) = office.world.rows(staff, email="alice@example.ac.uk")
    assert row["trained_on"] is None


def test_words_after_the_day_stay_as_they_were_typed(office: Office) -> None:
    office.types("sana", "pause LANG-1 friday on the trip to Lyon")
    (case,) = office.world.rows(cases)
    assert case["pause_reason"] == "on the trip to Lyon"
