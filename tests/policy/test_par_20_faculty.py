"""§20: faculties monitor how schools apply the policy, in figures that name no one and agree."""

import re

from tests.policy.acts import emailed
from tests.policy.people import CAST, GLAS, SILENT, SILENT_TOO, WELSH
from tests.policy.school import School


def test_a_faculty_lead_reads_figures_and_no_names(school: School) -> None:
    frida = school.person("frida")
    said = frida.types("report").text
    for who in CAST:
        assert who.number not in said, said
        assert who.family not in said
    assert not re.search(rf"{GLAS}-\d", said), "a single case in a faculty's report"
    for line in ("today", "mine"):
        said = frida.types(line).text
        assert "no open case" not in said.casefold(), f"{line}: {said}"
    for line in ("today", f"show {school.case_of(SILENT)}", f"find {SILENT.number}", "said"):
        text = frida.types(line).text
        assert SILENT.number not in text.replace(line, ""), text
        assert "Not seen" not in text, f"a faculty lead reads a case by {line}: {text}"


def test_small_numbers_are_not_told_and_cannot_be_worked_out(school: School) -> None:
    """Trap: a total shown with all but one of its parts."""
    bob = school.person("bob")
    for who, outcome in ((SILENT, "meeting-held"), (SILENT_TOO, "circumstances-known")):
        bob.fills(f"close {school.case_of(who)}", outcome=outcome, helped="conversation")
    said = school.person("frida").types("report").text
    assert not re.search(r"(?:Meeting held|ircumstances known)\D{0,12}\b[1-4]\b", said), said


def test_who_leads_a_faculty_of_two_schools_is_answered_for_both(school: School) -> None:
    """A16: the second school was called a school without a policy."""
    frida = school.person("frida")
    for command in ("report", "feeds"):
        said = " ".join(frida.types(line).text for line in (command, f"{command} RIVE"))
        assert "Rivers" in said, f"{command} says nothing of the second school: {said}"
        assert "no policy" not in said, said


def test_figures_on_one_report_agree(school: School) -> None:
    """A11: never more answers than emails, and the same number of emails in every line."""
    emails = [emailed(school, SILENT), emailed(school, WELSH)]
    school.answers(emails[0], "Thank you, all is well.")
    school.works(sweep=True)
    said = school.person("edgar").types("report").text
    whole, *letters = (int(n) for n in re.findall(r"(\d+) sent", said))
    assert whole == sum(letters), f"two numbers of emails on one report: {said}"
    printed = school.lantern("outreach", "report", "--school", GLAS).text
    for of, whole in re.findall(r"(\d+) of (\d+) answered", said + printed):
        assert int(whole) >= int(of)
    answered = {int(n) for n in re.findall(r"[Ww]ith an answer (\d+)", said)}
    of = {int(n) for n in re.findall(r"(\d+) of \d+ answered", said)}
    assert not (answered and of) or answered == of, f"two numbers of answers: {said}"
