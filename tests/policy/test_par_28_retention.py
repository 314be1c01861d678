"""§28: nothing is kept for ever, and nothing goes before the data protection officer agreed."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.policy.acts import confirms_death, emailed, reports_death
from tests.policy.colleague import Answer
from tests.policy.document import policy
from tests.policy.people import (
    GLAS,
    RIVE,
    SILENT,
    STUDENTS,
    TERM,
    Student,
    address,
    write_roster,
    write_rows,
)
from tests.policy.school import School
from worker.demo.browser import Form, NotThere

LEFT = dt.date(2027, 6, 30)
SIX_YEARS_LATER = "2033-07-04"
A_YEAR_LATER = "2028-01-10"
OFFICER = ("--officer", address("petra"))


def has_left(school: School, who: Student, on: dt.date = LEFT) -> None:
    rows = [(who.number, module, "2026-09-28", str(on)) for module in who.modules]
    folder = school.home / "who-left"
    write_rows(folder / "enrolments.csv", ("number", "module", "starts", "ends"), rows)
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text


def closes(school: School, who: Student) -> str:
    bob, reference = school.person("bob"), school.case_of(who)
    bob.types(f"take {reference}")
    bob.fills(f"close {reference}", outcome="circumstances-known", helped="time")
    return reference


def approves(school: School, *codes: str) -> None:
    for code in codes:
        asked = school.lantern("retention", "approve", code, *OFFICER).text
        figure = re.findall(r"--confirm (\S+)", asked)[-1]
        done = school.lantern("retention", "approve", code, *OFFICER, "--confirm", figure)
        assert "Approved" in done.text, done.text


def words_about(school: School, who: Student) -> list[str]:
    """Which of their data still stands in a file of the home or in the lake's day files."""
    words = [who.number, who.family, who.university_email, who.personal_email]
    whole = (school.home / "lantern.db").read_bytes()
    return [word for word in words if word.encode() in whole]


def nights(school: School, *days: str) -> None:
    for day in days:
        school.at("05:30", day)


def days_of(school: School) -> list[str]:
    return sorted({path.name[:10] for path in (school.home / "lake").rglob("*.parquet")
                   if re.match(r"\d{4}-", path.name)})  # fmt: skip


def test_without_an_approval_nothing_is_deleted_by_age(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    nights(school, SIX_YEARS_LATER)

    said = school.lantern("retention", "preview").text
    assert "1 student who left before" in said
    assert "Not approved by the data protection officer: nothing is deleted by age" in said
    assert words_about(school, SILENT)
    assert "nothing is deleted by age" in school.lantern("doctor").text


def test_a_student_who_left_long_ago_is_gone_and_is_counted_not_named(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    approves(school, GLAS, RIVE)
    nights(school, "2033-06-27")
    assert words_about(school, SILENT), "six years are not over"
    nights(school, SIX_YEARS_LATER, "2033-07-05")

    told = school.audit()
    school.services.store.database.close()
    assert words_about(school, SILENT) == []
    said = school.lantern("retention", "preview").text
    assert "0 students who left before" in said
    assert "Approved by Petra Pearl on" in said
    assert "Lantern (retention) deleted what was past its time in" in told
    assert SILENT.number not in told


def test_a_hold_keeps_everything_until_it_ends(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    approves(school, GLAS, RIVE)
    keep = ("student", "preserve", SILENT.number, *OFFICER)
    assert school.lantern(*keep, "--why", "A claim is heard").code == 0
    nights(school, SIX_YEARS_LATER)
    assert words_about(school, SILENT)
    assert "1 of these kept for now, by a complaint or a hold" in (
        school.lantern("retention", "preview").text
    )

    assert school.lantern(*keep, "--end").code == 0
    nights(school, "2033-07-05")
    assert "0 students who left" in school.lantern("retention", "preview").text


def test_a_case_goes_before_its_student_where_they_stayed(school: School) -> None:
    reference = closes(school, SILENT)
    approves(school, GLAS, RIVE)
    nights(school, "2033-01-10")

    assert "0 cases" in school.lantern("retention", "preview").text
    assert SILENT.family.encode() in (school.home / "lantern.db").read_bytes()
    assert reference not in school.person("bob").types(f"find {SILENT.number}").text


def test_activity_goes_by_the_longest_period_once_every_school_agreed(school: School) -> None:
    before = days_of(school)
    approves(school, GLAS)
    nights(school, A_YEAR_LATER)
    assert days_of(school) == before
    assert "until the periods of every school are approved" in (
        school.lantern("retention", "preview").text
    )

    approves(school, RIVE)
    nights(school, "2028-01-11")
    assert [each for each in days_of(school) if each < "2026-12-11"] == []
    assert len(days_of(school)) < len(before)


def test_other_periods_need_another_approval(school: School, tmp_path: Path) -> None:
    approves(school, GLAS)
    file = tmp_path / "glas.toml"
    more = "[retention]\ncase_years = 2\n"
    file.write_text(policy(GLAS, effective="2026-11-24", more=more), encoding="utf-8")
    assert school.lantern("policy", "publish", file).code == 0
    assert "Approved by Petra" in school.lantern("retention", "preview").text
    nights(school, "2026-11-24")

    said = school.lantern("retention", "preview").text
    assert "closed cases 2 years" in said
    assert "Approved by Petra" not in said


@pytest.mark.parametrize("who", ["edgar", "alice", "frida"])
def test_the_officer_alone_agrees_and_to_what_they_have_seen(school: School, who: str) -> None:
    done = school.lantern(
        "retention", "approve", GLAS, "--officer", address(who), "--confirm", "0/0"
    )
    assert done.code != 0
    wrong = school.lantern("retention", "approve", GLAS, *OFFICER, "--confirm", "9/9")
    assert "Check again" in wrong.text
    assert "Not approved" in school.lantern("retention", "preview").text


def test_students_read_how_long_it_is_kept_once_that_is_so(school: School) -> None:
    assert "after you leave" not in school.lantern("policy", "statement", GLAS).text
    approves(school, GLAS)
    assert "We delete all of it 6 years after you leave." in (
        " ".join(school.lantern("policy", "statement", GLAS).text.split())
    )


def test_the_officer_sees_and_approves_it_in_chat(school: School) -> None:
    petra = school.person("petra")
    shown = petra.types(f"retention {GLAS}")
    assert "nothing is deleted by age" in shown.text
    assert "Approved. Data of " in _approve_in(shown).sends(confirm="0/0").text
    assert "Approved by Petra Pearl" in petra.types(f"retention {GLAS}").text
    assert "Approved by Petra Pearl" in school.lantern("retention", "preview").text
    assert "data protection officer" in school.person("edgar").types(f"retention {GLAS}").text


def test_a_roster_that_still_lists_them_does_not_bring_them_back(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    approves(school, GLAS, RIVE)
    nights(school, SIX_YEARS_LATER)

    for name, ends in (("ended", str(LEFT)), ("not-enrolled", "")):
        rows = [(SILENT.number, module, str(TERM), ends) for module in SILENT.modules if ends]
        _lists(school, name, rows)
        assert "No students" in _found(school), name


def test_one_who_enrols_again_is_welcome_and_nothing_of_before_is_known(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    approves(school, GLAS, RIVE)
    nights(school, SIX_YEARS_LATER)

    rows = [(SILENT.number, module, "2033-09-26", "2034-06-30") for module in SILENT.modules]
    _lists(school, "again", rows)
    nights(school, "2033-10-03")
    assert "no open case" in _found(school)
    assert "ERASED" not in _found(school)


def test_one_who_returns_before_is_kept_and_the_old_case_is_not_shown(school: School) -> None:
    closes(school, SILENT)
    has_left(school, SILENT)
    _lists(school, "again", [(SILENT.number, SILENT.modules[0], "2032-09-27", "2033-06-30")])
    approves(school, GLAS, RIVE)
    nights(school, SIX_YEARS_LATER)
    assert "no open case" in _found(school)
    assert "ERASED" not in _found(school), "a case that was deleted is offered"


def test_no_card_names_the_case_before_once_that_was_deleted(
    school: School, tmp_path: Path
) -> None:
    before = closes(school, SILENT)
    file = tmp_path / "glas.toml"
    more = "[retention]\ncase_years = 1\n"
    file.write_text(policy(GLAS, effective="2026-11-24", more=more), encoding="utf-8")
    assert school.lantern("policy", "publish", file).code == 0
    days = school.mornings("2026-12-18")
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
    assert SILENT.number in _found(school)
    nights(school, "2032-11-24")
    assert "No students" in _found(school)
    done = school.lantern("ingest", "roster", school.home / "roster")
    assert done.code == 0, done.text
    assert "No students" in _found(school), "one who died is taken for one who returned"


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
    assert school.lantern("policy", "publish", file).code == 0
    approves(school, RIVE)
    assert "We keep the records that we look at for 40 months." in told()


def _lists(school: School, name: str, rows: list[tuple[str, str, str, str]]) -> None:
    """Deliver a roster that names everybody, with these enrolments."""
    folder = write_roster(school.home / name)
    write_rows(folder / "enrolments.csv", ("number", "module", "starts", "ends"), rows)
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text


def _found(school: School) -> str:
    return school.person("alice").types(f"find {SILENT.number}").text


def _approve_in(shown: Answer) -> Answer:
    for form in shown.page.all("form", action="/sandbox/act"):
        button = form.one("button")
        if button.text == "Approve":
            return Answer(shown.tab, shown.tab.send(Form(form, button)))
    raise NotThere(f"no button approves: {shown.text}")
