"""§28: data are not kept for ever, and are deleted only with the officer's approval."""

import re
from pathlib import Path

import pytest

from tests.policy.ages import (
    A_YEAR_LATER,
    OFFICER,
    SIX_YEARS_LATER,
    activity_of_student,
    approve_in,
    approves,
    closes,
    days_of,
    has_left,
    nights,
    words_about,
)
from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, JOINT, MODEL, RIVE, SILENT, address
from tests.policy.school import School


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
    assert "1 of these kept for now because of a complaint or a hold" in (
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
    keep = ("student", "preserve", MODEL.number, *OFFICER)
    assert school.lantern(*keep, "--why", "A claim is heard").code == 0
    held, other = activity_of_student(school, MODEL), activity_of_student(school, JOINT)
    approves(school, GLAS)
    nights(school, A_YEAR_LATER)
    assert days_of(school) == before
    assert "until the periods of every school are approved" in (
        school.lantern("retention", "preview").text
    )

    said = school.lantern("retention", "preview").text
    (days,) = set(re.findall(r"(\d+) days of activity before", said))
    assert int(days) > 0, "the officer sees what will go before they approve"
    assert re.search(r"Activity of \d+ students kept for now", said)
    refused = school.lantern("retention", "approve", RIVE, *OFFICER, "--confirm", "0/0/0")
    assert f"and {days} days of activity. Check again" in refused.text
    approves(school, RIVE)
    nights(school, "2028-01-11")
    old = "2026-12-10"
    assert activity_of_student(school, JOINT) == [each for each in other if each > old] != other
    assert activity_of_student(school, MODEL) == held, "a hold keeps all of it"
    told = school.audit()
    assert "deleted what was past its time in activity" in told

    assert school.lantern(*keep, "--end").code == 0
    nights(school, "2028-01-12")
    assert not any(each <= old for each in activity_of_student(school, MODEL))


def test_other_periods_need_another_approval(school: School, tmp_path: Path) -> None:
    approves(school, GLAS)
    file = tmp_path / "glas.toml"
    more = "[retention]\ncase_years = 2\n"
    file.write_text(policy(GLAS, effective="2026-11-24", more=more), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    assert "Approved by Petra" in school.lantern("retention", "preview").text
    nights(school, "2026-11-24")

    said = school.lantern("retention", "preview").text
    assert "closed cases 2 years" in said
    assert "Approved by Petra" not in said


@pytest.mark.parametrize("who", ["edgar", "alice", "frida"])
def test_the_officer_alone_agrees_and_to_what_they_have_seen(school: School, who: str) -> None:
    done = school.lantern(
        "retention", "approve", GLAS, "--officer", address(who), "--confirm", "0/0/0"
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
    assert "Approved. Data of " in approve_in(shown).sends(confirm="0/0/0").text
    assert "Approved by Petra Pearl" in petra.types(f"retention {GLAS}").text
    assert "Approved by Petra Pearl" in school.lantern("retention", "preview").text
    assert "data protection officer" in school.person("edgar").types(f"retention {GLAS}").text
