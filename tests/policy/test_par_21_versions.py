"""§21: levels are agreed by the school, approved by a named person, in force from a day on."""

import re

import pytest

from bot.commands.table import COMMANDS
from tests.policy.acts import emailed
from tests.policy.document import MARKERS, TOLD, policy
from tests.policy.people import GLAS, SILENT, Student
from tests.policy.school import School


def _publish(school: School, text: str) -> str:
    file = school.home / f"{len(list(school.home.iterdir()))}.toml"
    file.write_text(text, encoding="utf-8")
    return school.lantern("policy", "publish", file, *TOLD).text


def test_a_past_flag_keeps_the_version_that_raised_it(school: School) -> None:
    rules = "[rules.inactivity]\ndays = 40\n"
    assert "version 2" in _publish(school, policy(GLAS, effective="2026-11-25", rules=rules))
    for day in ("2026-11-24", "2026-11-26"):
        school.morning(day)
    card = school.person("alice").card(school.case_of(SILENT)).text
    assert "version 1" in card, card
    assert "Not seen since" in card, card


def test_flags_of_two_versions_name_both(school: School) -> None:
    _publish(school, policy(GLAS, effective="2026-11-24"))
    school.morning("2026-11-24")
    card = school.person("alice").card(school.case_of(SILENT)).text
    assert "School policy, version 2; first raised under versions 1 and 2." in card, card
    assert "Evidence: All activity" in card, "it names one of the sources that were looked at"


def test_a_version_is_not_in_force_before_its_day(school: School) -> None:
    rules = "[rules.missed-submission]\ngrace_days = 28\n"
    _publish(school, policy(GLAS, effective="2026-12-01", rules=rules))
    before = school.lantern("policy", "statement", GLAS).text
    school.at("09:00", "2026-12-01")
    after = school.lantern("policy", "statement", GLAS).text
    assert before != after
    assert "version 1" in before or "Version 1" in before, before[:400]


def test_a_version_that_never_comes_into_force_is_named(school: School) -> None:
    """Trap: students were told of 1 December; a newer version begins before it."""
    said = _publish(school, policy(GLAS, effective="2026-12-01", top="sustained_days = 21"))
    assert "will never be in force" not in said, said
    earlier = policy(GLAS, effective="2026-11-25", top="sustained_days = 14")
    file = school.home / "earlier.toml"
    file.write_text(earlier, encoding="utf-8")
    named = "version 2, which was to begin on 2026-12-01, will never be in force"
    assert named in school.lantern("policy", "check", file).text
    assert named in _publish(school, earlier)
    said = _publish(school, policy(GLAS, effective="2026-12-10", top="sustained_days = 35"))
    assert "will never be in force" not in said, said


def test_without_an_approver_or_a_day_it_is_no_policy(school: School) -> None:
    for gone in ('approved_by = "Edgar Ember, engagement lead"\n', "effective = 2026-10-05\n"):
        text = policy(GLAS)
        assert gone in text
        said = _publish(school, text.replace(gone, ""))
        assert "missing" in said, said


LESS = "\n\n".join(MARKERS.split("\n\n")[:2]) + "\n"
"""Version 2 agrees fewer sources than version 1."""
ONLY_OF_1 = ("work handed in", "recordings", "meetings with staff", "co-curricular", "hand-in")
OWN_WORDS = """\
[[words]]
rule = "inactivity"
staff = "No sign of the student for {{days}} days of term. {{reason}}"
"""


def _second_version(days: int) -> str:
    """Return version 2: fewer sources, another threshold, and the school's own wording."""
    rules = f"[rules.inactivity]\ndays = {days}\n"
    return policy(GLAS, effective="2026-11-24", markers=LESS, rules=rules, more=OWN_WORDS)


def _read_everywhere(school: School, who: Student, *, is_emailed: bool) -> dict[str, str]:
    """Return everything people can read of a student's active flags, by place."""
    edgar, reference = school.person("edgar"), school.case_of(who)
    found = {
        line: edgar.types(line).text
        for row in COMMANDS.rows()
        for line in (row.name, f"{row.name} {reference}")
    }
    found["card"] = school.person("alice").card(reference).active
    found["opened"] = edgar.looks_at(reference)
    found["digest"] = " ".join(school.person(name).direct() for name in ("edgar", "bob", "otto"))
    found["letters preview"] = school.lantern("letters", "preview", reference).text
    if is_emailed:
        email = emailed(school, who)
        found["email"] = email.text
        page = school.tab().press(email.links[-1], "see", "show", number=who.number)
        found["student's page"] = page.text
    out = school.home / "handed-out"
    school.lantern(
        "student", "export", who.number, "--officer", "petra@staff.example",
        "--why", "she asked for her data", "--to", out,
    )  # fmt: skip
    for file in out.rglob("*.json"):
        found[file.name] = file.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("days", [10, 40], ids=["found again", "not found"])
def test_what_is_read_of_a_flag_is_said_by_the_version_that_it_names(
    school: School, days: int
) -> None:
    """Version 2 looks at fewer sources. If it finds the same inactivity, the reason is its own from
    then on in every place, with the source that raised it. Otherwise it stays version 1's."""
    assert "version 2" in _publish(school, _second_version(days))
    reference = school.case_of(SILENT)
    assert "School policy, version 1." in school.person("alice").card(reference).text
    school.morning("2026-11-24")
    read = _read_everywhere(school, SILENT, is_emailed=days == 10)
    found_again = days == 10

    card = read["card"]
    version = "version 2; first raised under version 1." if found_again else "version 1."
    assert f"School policy, {version}" in card, card
    assert ("No sign of the student for 10 days of term." in card) is found_again, card
    assert ("up to Monday 23 November" in card) is found_again, card
    looked = {where: _looked_at(text) for where, text in read.items()}
    places = {where for where, said in looked.items() if said}
    assert {"card", "opened", "letters preview"} <= places, places
    for where, said in looked.items():
        for each in said:
            of_1 = [name for name in ONLY_OF_1 if name in each]
            assert bool(of_1) is not found_again, f"{where}: {each}"
    if found_again:
        assert {"email", "student's page"} <= places, places
        assert '"worded_policy": "version 2"' in read["export.json"]
    assert '"policy": "version 1"' in read["export.json"]


def _looked_at(text: str) -> list[str]:
    """Return the sources that a flag's reason, or an email's, says that it rests on."""
    return re.findall(r"(?:This looked at|comes from our records of|We looked at) [^.]*", text)
