"""Groups come from a feed of their own, do not affect flags, and reports identify no student."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
import integrations
import store
import worker
from store.actions.fairness.load_groups import load_groups
from store.actions.schools.load_roster import load_roster
from store.rules.schools import EnrolmentEntry, Roster
from store.tables import audit, cases, policy_reviews, students
from tests.people import LANGUAGES, policy_document
from tests.worker.fairness_office import (
    EACH,
    NUMBERS,
    SECRETS,
    THERE,
    filled,
    groups_file,
    groups_kept,
    lantern,
    office,
    screened,
    student_entry,
    year_is_over,
)
from tests.worker.office import Office, office_in, words

__all__ = ["office"]


@pytest.fixture
def either_office(tmp_path: Path, migrated_database_url: str) -> Iterator[Office]:
    with office_in(tmp_path / "home", migrated_database_url) as made:
        filled(made)
        yield made


def test_from_the_file_to_the_lead_s_card_and_the_review(office: Office, tmp_path: Path) -> None:
    screened(office)
    loaded = lantern(office, "ingest", groups_file(tmp_path, "9999,Zephyrian,home"))
    assert loaded.code == 3, loaded.text
    assert "groups.csv: groups of 120 students" in loaded.text
    assert "origin: 2 groups" in loaded.text
    assert "line 122: the student number is not on the roster" in loaded.text

    early = words(office.types("lena", "fairness").card)
    assert "No student of School of Languages was enrolled from 1 August 2024" in early
    assert "reported from 29 August 2026" in words(office.types("lena", "fairness LANG 2025").card)

    assert len(office.world.rows(cases)) == 36
    year_is_over(office)
    said = words(office.types("lena", "fairness").card)
    assert "1 August 2025 to 31 July 2026" in said
    compared = lantern(office, "report", "outcomes")
    assert compared.code == 0, compared.text
    assert "Case opened within 2 days of the first flag: " in compared.text
    assert "No student is ever left without help for a comparison." in compared.text
    assert re.search(r"Flags were raised for \d+ in 100 of “Quokkan” \(origin\) and", said)
    assert "more than chance would explain" in said
    assert "Not reviewed yet" in said

    dialog = office.clicks(
        "lena", "policy-review", school=office.world.school(), subject="fairness"
    ).dialog
    assert dialog
    assert "chosen='fairness'" in words(dialog)
    office.submits("lena", dialog, subject="fairness", found="One register was never taken.")
    assert "Last review, by Lena Lead on 1 September 2026: One register" in words(
        office.types("priya", "fairness LANG").card
    )
    assert [row["subject"] for row in office.world.rows(policy_reviews)] == ["fairness"]
    assert len(office.world.rows(audit, action="fairness")) >= 2
    assert len(office.world.rows(audit, action="publish-fairness")) == 1


def test_it_is_the_same_in_either_database(either_office: Office) -> None:
    office = either_office
    screened(office)
    named = {number: {"origin": SECRETS[at >= EACH]} for at, number in enumerate(NUMBERS)}
    load_groups(office.world.store, named)
    year_is_over(office)
    said = words(office.types("lena", "fairness").card)
    assert "more than chance would explain" in said
    assert "Recorded" in words(office.types("priya", "objection 3000").card)
    done = load_groups(office.world.store, named, complete=True)
    assert (done.students, done.objected, done.removed) == (2 * EACH - 1, 1, 0)
    assert words(office.types("lena", "fairness").card) == said


def test_the_command_line_writes_the_same_in_figures(office: Office, tmp_path: Path) -> None:
    screened(office)
    lantern(office, "ingest", "groups", groups_file(tmp_path))
    file = tmp_path / "fair.json"
    told = lantern(
        office,
        *("report", "fairness", "--school", "LANG", "--from", THERE[0], "--to", THERE[1]),
        *("--json", file),
    )
    assert told.code == 0, told.text
    (made,) = json.loads(file.read_text(encoding="utf-8"))["reports"]
    assert (made["school"], made["from"], made["to"]) == ("LANG", *THERE)
    (fees, origin) = made["characteristics"]
    assert fees["name"] == "fee status"
    flagged = {each["group"]: each for each in origin["steps"][0]["groups"]}
    assert abs(flagged["Zephyrian"]["rate"] - 0.5) < 0.07
    assert flagged["Quokkan"]["high"] < flagged["Zephyrian"]["low"]
    assert origin["findings"][0] in told.text
    assert "3000" not in file.read_text(encoding="utf-8")
    assert "Groups are not crossed" in told.text


def test_each_step_to_a_contact_is_compared(office: Office, tmp_path: Path) -> None:
    """Of 48 students who were sent an email, half are in each group: neither group waits longer."""
    cases_of = office.has_approved_mails(48)
    office.works()
    assert len(office.left()) == 48
    opened = set(cases_of.values())
    with_case = {row["student_id"] for row in office.world.rows(cases) if row["id"] in opened}
    numbers = {row["id"]: row["number"] for row in office.world.rows(students)}
    ours = sorted(numbers[each] for each in with_case)
    began = dt.date(2025, 9, 22)
    enrolled = tuple(EnrolmentEntry(number, "FR101", began) for number in ours)
    load_roster(office.world.store, Roster(enrolments=enrolled))
    path = tmp_path / "groups.csv"
    rows = [f"{number},{SECRETS[at % 2]}" for at, number in enumerate(ours)]
    path.write_text("\n".join(["student_number,origin", *rows]) + "\n", encoding="utf-8")
    lantern(office, "ingest", path)
    year_is_over(office)
    said = words(office.types("lena", "fairness").card)
    for step in (
        "A view was asked for or given",
        "Contacted (of",
        "Answered or met",
        "Median days",
    ):
        assert step in said
    assert "Quokkan: 0 (range 0 to 0). Zephyrian: 0 (range 0 to 0)" in said
    assert "no difference that this many students could show" in said
    assert "Look at" not in said


def test_flags_know_nothing_of_groups(tmp_path: Path) -> None:
    """A screening writes the same bytes without groups, with groups and with shuffled groups.

    This holds for evidence, order, cards and every queued post.
    """
    shuffled = [SECRETS[at >= EACH] for at in range(2 * EACH)]
    random.Random(17).shuffle(shuffled)
    seen = []
    for at, groups in enumerate((None, [SECRETS[at >= EACH] for at in range(120)], shuffled)):
        with office_in(tmp_path / str(at)) as office:
            office.world.publish(policy_document(LANGUAGES, capacity=20))
            load_roster(office.world.store, Roster(students=tuple(map(student_entry, NUMBERS))))
            if groups:
                named = zip(NUMBERS, groups, strict=True)
                load_groups(office.world.store, {number: {"origin": g} for number, g in named})
            result = screened(office)
            office.works()
            tables = office.world.dump()
            everything = {
                name: rows
                for name, rows in tables.items()
                if name not in _OF_THE_FEED and not name.startswith("audit")
            }
            seen.append((result, _without_keys(everything), office.shown()))
    assert seen[0][2]
    assert seen[0] == seen[1] == seen[2]


_OF_THE_FEED = {"student_groups", "group_objections", "fairness_figures", "revisions"}


def _without_keys(tables: dict[str, list[dict[str, object]]]) -> str:
    """Return a dump without random keys and encrypted texts, which differ each time."""
    text = json.dumps(tables, default=str, sort_keys=True)
    return re.sub(r"gAAAA[\w=-]+|[0-9a-f]{16,}|[\w-]{32,}", "…", text)


def test_no_module_of_rules_flags_or_cards_names_the_table() -> None:
    allowed = {"store/tables/group_tables.py", "store/tables/__init__.py"}
    naming = set()
    for package in (bot, integrations, store, worker):
        root = Path(package.__path__[0])
        for path in root.rglob("*.py"):
            where = path.relative_to(root.parent).as_posix()
            if "migrations" not in where and re.search(
                r"student_groups|group_tables", path.read_text(encoding="utf-8")
            ):
                naming.add(where)
    rest = naming - allowed
    assert {"/".join(each.split("/")[:3]) for each in rest} == {
        "bot/student/export_page.py",
        "store/actions/fairness",
        "store/queries/fairness",
        "store/actions/privacy",
        "store/queries/privacy",
        # The record of processing, which uses no rows.
        "store/rules/papers",
    }


def test_students_are_told_of_it_once_groups_are_there(office: Office, tmp_path: Path) -> None:
    def statement() -> str:
        return words(office.types("alice", "statement").dialog)

    assert "compare groups of students" not in statement()
    lantern(office, "ingest", groups_file(tmp_path))
    said = statement()
    assert "Once a year we compare groups of students" in said
    assert "Please tell us if you would like to be left out." in said


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("student_number", "3000", "one for each characteristic"),
        ("sex,disability", "F,no", "expected the column student_number"),
        ("student_number,date of birth", "3000,2001-02-03", "take out the column date_of_birth"),
        ("student_number,Sex,sex", "3000,F,F", "each in one column"),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(
    office: Office, tmp_path: Path, header: str, row: str, said: str
) -> None:
    path = tmp_path / "groups.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    refused = lantern(office, "ingest", "groups", path)
    assert refused.code != 0
    assert said in refused.text


def test_a_column_with_too_many_groups_is_no_group(office: Office, tmp_path: Path) -> None:
    named = {at: f"Born{at}" for at in range(2 * EACH)}
    refused = lantern(office, "ingest", groups_file(tmp_path, group=named))
    assert refused.code != 0
    assert "origin has 120 groups, and 25 are allowed. Put its values into bands." in refused.text
    assert "Born" not in refused.text
    assert groups_kept(office) == 0


def test_it_is_the_lead_s_and_the_officer_s_of_their_own_school(office: Office) -> None:
    for name in ("alice", "bob", "sana"):
        assert "Only a school" in words(office.types(name, "fairness").card)
    assert "MATH" in words(office.types("max", "fairness LANG").card)
