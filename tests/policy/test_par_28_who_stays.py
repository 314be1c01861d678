"""§28: students who return, have an open case or whose school has no approval are kept."""

from dataclasses import replace
from pathlib import Path

from tests.policy.acts import confirms_death, emailed, reports_death
from tests.policy.ages import (
    LEFT,
    SIX_YEARS_LATER,
    approves,
    closes,
    found,
    has_left,
    lists,
    nights,
)
from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, RIVE, SILENT, STUDENTS, TERM, write_roster
from tests.policy.school import School


def test_a_roster_that_still_lists_them_does_not_bring_them_back(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    approves(school, GLAS, RIVE)
    nights(school, SIX_YEARS_LATER)

    for name, ends in (("ended", str(LEFT)), ("not-enrolled", "")):
        rows = [(SILENT.number, module, str(TERM), ends) for module in SILENT.modules if ends]
        lists(school, name, rows)
        assert "No students" in found(school), name


def test_one_who_enrols_again_is_welcome_and_nothing_of_before_is_known(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    approves(school, GLAS, RIVE)
    nights(school, SIX_YEARS_LATER)

    rows = [(SILENT.number, module, "2033-09-26", "2034-06-30") for module in SILENT.modules]
    lists(school, "again", rows)
    nights(school, "2033-10-03")
    assert "no open case" in found(school)
    assert "ERASED" not in found(school)


def test_one_who_returns_before_is_kept_and_the_old_case_is_not_shown(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    lists(school, "again", [(SILENT.number, SILENT.modules[0], "2032-09-27", "2033-06-30")])
    approves(school, GLAS, RIVE)
    nights(school, SIX_YEARS_LATER)
    assert "no open case" in found(school)
    assert "ERASED" not in found(school), "a case that was deleted is offered"


def test_no_card_names_the_case_before_once_that_was_deleted(
    school: School, tmp_path: Path
) -> None:
    before = closes(school, SILENT)
    file = tmp_path / "glas.toml"
    more = "[retention]\ncase_years = 1\n"
    file.write_text(policy(GLAS, effective="2026-11-24", more=more), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    # A student whose case was closed is not asked about again for a fortnight.
    days = school.mornings("2026-12-18", first="2026-12-07")
    after = next(found for _ in days if (found := school.case_of(SILENT)) != before)
    assert f"An earlier case, {before}," in school.person("bob").card(after).text

    approves(school, GLAS)
    nights(school, "2027-11-30")
    bob = school.person("bob")
    for text in (bob.card(after).text, bob.looks_at(after)):
        assert "An earlier case" not in text


def test_a_case_of_a_school_that_never_approved_is_not_deleted_by_another(school: School) -> None:
    reference = closes(school, SILENT)
    moved = [replace(who, school=RIVE) if who is SILENT else who for who in STUDENTS]
    done = school.lantern("ingest", "roster", write_roster(school.home / "moved", moved))
    assert done.code == 0, done.text
    has_left(school, SILENT)
    approves(school, RIVE)
    nights(school, SIX_YEARS_LATER)
    assert reference in school.person("bob").types(f"show {reference}").text
    assert "1 more student who left before then: kept while" in (
        school.lantern("retention", "preview").text
    )

    approves(school, GLAS)
    nights(school, "2033-07-05", "2033-07-06")
    assert "No students" in school.person("hana").types(f"find {SILENT.number}").text


def test_the_dead_are_not_kept_for_ever_though_no_enrolment_ends(school: School) -> None:
    reference = school.case_of(SILENT)
    reports_death(school.person("bob"), reference)
    confirms_death(school.person("edgar"), reference)
    school.works(sweep=True)
    approves(school, GLAS, RIVE)
    nights(school, "2032-11-22")
    assert SILENT.number in found(school)
    nights(school, "2032-11-24")
    assert "No students" in found(school)
    done = school.lantern("ingest", "roster", school.home / "roster")
    assert done.code == 0, done.text
    assert "No students" in found(school), "one who died is taken for one who returned"


def test_a_student_with_an_open_case_is_kept_and_said_to_be(school: School) -> None:
    sent = emailed(school, SILENT)
    school.answers(sent, "I was ill")
    has_left(school, SILENT)
    approves(school, GLAS, RIVE)
    nights(school, SIX_YEARS_LATER)
    assert "1 more student who left before then: kept while a case is open" in (
        school.lantern("retention", "preview").text
    )
    assert "left before 4 July 2027" in school.lantern("retention", "preview").text


def test_students_read_of_activity_once_every_school_agreed_and_the_longest_period(
    school: School, tmp_path: Path
) -> None:
    def told() -> str:
        return " ".join(school.lantern("policy", "statement", GLAS).text.split())

    approves(school, GLAS)
    assert "We keep the records that we look at" not in told()
    file = tmp_path / "rive.toml"
    more = "[retention]\nactivity_months = 40\n"
    file.write_text(policy(RIVE, effective="2026-11-23", more=more), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    approves(school, RIVE)
    assert "We keep the records that we look at for 40 months." in told()
