"""§5: students understand how their data is used, in words they use themselves."""

import re

from tests.policy.acts import emailed
from tests.policy.people import GLAS, SILENT
from tests.policy.school import School

JARGON = re.compile(
    r"\bVLE\b|threshold|\bfeed|inactivity|marker|GLAS-\d|\bcase\b|\bflag", re.IGNORECASE
)


def test_the_email_says_what_was_seen_from_where_and_how_fresh_it_is(school: School) -> None:
    email = emailed(school, SILENT)
    for fact in ("Friday 6 November", "GLA101", "attendance", "22 November", "can be wrong"):
        assert fact in email.text.replace("up to Sunday", "up to"), (
            f"{fact} is missing: {email.body}"
        )
    said = [line for line in email.body.splitlines() if "up to Sunday 22 November" in line]
    for family in ("attendance", "recordings", "the online learning space"):
        assert sum(family in line for line in said) == 1, f"two lists of sources: {email.body}"
    found = JARGON.findall(email.text)
    assert not found, f"the student reads {found}: {email.body}"


def test_the_students_page_shows_the_reason_and_how_to_correct_it(school: School) -> None:
    email = emailed(school, SILENT)
    student = school.tab()
    pages = [student.get(path) for path in email.links]
    wrong = [page for page in pages if page.one("h1").text == "This is wrong"]
    assert wrong, "no link of the email lets the student say that this is wrong"
    shown = student.press(email.links[-1], "see", "show", number=SILENT.number).text
    assert "6 November" in shown, f"the page does not say what was seen: {shown}"


def test_the_rule_is_the_one_of_the_published_statement(school: School) -> None:
    statement = school.lantern("policy", "statement", GLAS).text.casefold()
    assert re.search(r"14 (?:days|school days)|fourteen", statement), statement
    for source in ("online learning space", "attendance", "meetings"):
        assert source in statement, f"{source} is looked at, and the statement is silent on it"
