"""§15: every effort to make contact: email, personal email, phone, traces; each by a person."""

import pytest

from tests.policy.acts import VIEW, emailed, tries_to_approve
from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, MAILBOX, SILENT, SILENT_TOO, WELSH
from tests.policy.school import School


def test_the_steps_come_in_the_schools_order_each_by_a_person(school: School) -> None:
    emailed(school, SILENT)
    alice = school.person("alice")
    reference = school.case_of(SILENT)
    assert alice.types(f"ladder {reference}").text
    for day in ("2026-11-26", "2026-11-27"):
        school.morning(day)
    assert len(school.emails(SILENT)) == 1, "the second step left by itself"
    said = alice.types(f"ladder {reference}").text
    assert "personal" in said.casefold(), f"after three days the personal address is next: {said}"


def test_the_ladder_offers_no_step_that_would_be_refused(school: School) -> None:
    """A12, A16: *Draft email* was offered under the ladder of every case, to every reader."""
    bob, dora = school.people("bob", "dora")
    paused, exempt, usual = (school.case_of(who) for who in (SILENT, SILENT_TOO, WELSH))
    bob.fills(f"pause {paused}", until="2026-12-21", why="Waiting for the doctor's letter")
    bob.types(f"exempt {exempt}").sends(kind="placement", reason="Placement at the glass works")
    for reference, person, why in (
        (paused, bob, "is paused until Monday 21 December. Resume it first."),
        (exempt, bob, "the student is exempt now"),
        (usual, dora, ""),
    ):
        said = person.types(f"ladder {reference}").text
        assert "Draft email" not in said, f"{person.name}: {said}"
        assert why in said
    assert "Draft email" in bob.types(f"ladder {usual}").text


def test_the_next_step_waits_as_long_as_students_are_told(school: School) -> None:
    """Trap: an impatient colleague tries the whole ladder in one afternoon."""
    emailed(school, SILENT)
    alice = school.person("alice")
    reference = school.case_of(SILENT)
    said = alice.types(f"draft {reference}")
    assert not said.can_be_sent, said.text
    assert "until Thursday 26 November" in said.text
    assert "Welfare concern" in said.text, "the way that need not wait is not named"
    school.morning("2026-11-25")
    assert not alice.types(f"draft {reference}").can_be_sent
    assert len(school.emails(SILENT)) == 1


def test_the_personal_address_learns_nothing_of_the_concern(school: School) -> None:
    """A shared inbox: a parent or a flatmate reads along."""
    emailed(school, SILENT)
    school.morning("2026-11-27")
    alice, bob = school.people("alice", "bob")
    reference = school.case_of(SILENT)
    drafted = alice.drafts(reference)
    tried = drafted.text or tries_to_approve(bob, reference)
    school.works(sweep=True)
    mails = [each for each in school.emails(SILENT) if each.to == SILENT.personal_email]
    assert mails, f"the personal email did not leave: {tried}"
    for word in ("not seen", "attend", "session", "GLA101", "engagement", "missed", "6 November"):
        assert word.casefold() not in mails[0].text.casefold(), f"“{word}” in: {mails[0].body}"
    pages = [school.tab().get(path).text for path in mails[0].links]
    assert not [page for page in pages if "GLA101" in page or "6 November" in page]


def test_a_bounce_is_no_contact(school: School) -> None:
    email = emailed(school, SILENT)
    school.answers(
        email,
        "Your message could not be delivered: 550 5.1.1 user unknown",
        sender="MAILER-DAEMON@students.glass.example",
        headers={"Auto-Submitted": "auto-replied", "X-Failed-Recipients": email.to},
    )
    card = school.person("alice").card(school.case_of(SILENT))
    assert "Responded" not in card.heading, "a bounce is taken for the student's answer"
    assert "answered" not in card.text, card.text


def test_swipes_come_last_with_a_purpose_and_are_recorded(school: School) -> None:
    """Trap: a curious colleague asks for it first."""
    said = school.person("alice").types(f"traces {school.case_of(SILENT)} just to look").text
    assert "nothing was seen" not in said.casefold(), said
    assert said


def test_a_policy_cannot_make_swipes_evidence(school: School) -> None:
    file = school.home / "swipes.toml"
    text = policy(GLAS, more='[traces]\nswipes = ["registers"]\n')
    file.write_text(text, encoding="utf-8")
    assert school.lantern("policy", "check", file).code != 0


@pytest.mark.parametrize(
    "mailbox", ["glas-support@glass.example", "no-welfare-warning@glass.example"]
)
def test_a_letter_is_checked_with_the_schools_real_mailbox(school: School, mailbox: str) -> None:
    """A6: a mailbox whose name has a word that no letter to a personal address may contain."""
    text = policy(GLAS, effective="2026-11-24").replace(MAILBOX[GLAS], mailbox)
    file = school.home / "mailbox.toml"
    file.write_text(text, encoding="utf-8")
    checked = school.lantern("policy", "check", file)
    if checked.code:
        assert "mailbox" in checked.text or "letter" in checked.text, checked.text
        return
    emailed(school, SILENT)
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    school.morning("2026-11-27")
    alice, bob = school.people("alice", "bob")
    reference = school.case_of(SILENT)
    refused = alice.drafts(reference).text or tries_to_approve(bob, reference)
    school.works(sweep=True)
    sent = [each for each in school.emails(SILENT) if each.to == SILENT.personal_email]
    assert sent, f"`policy check` found nothing, and Lantern refuses its own letter: {refused}"


def test_an_email_whose_address_changed_meanwhile_is_not_lost(school: School) -> None:
    alice, dora = school.people("alice", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, VIEW)
    alice.drafts(reference)
    school.morning("2026-11-25")
    assert not tries_to_approve(school.person("bob"), reference)
    school.works(sweep=True)
    assert [each.to for each in school.emails(SILENT)] == [SILENT.university_email]


SHORTER = """\
[[ladder]]
rung = "university-email"
wait_days = 3

[[ladder]]
rung = "phone"
wait_days = 2
"""


def test_a_step_that_the_school_has_given_up_is_not_taken(school: School) -> None:
    """Trap: drafted to the personal address on Thursday; from Saturday the school no longer writes
    there, as its statement says."""
    reference, bob = school.case_of(SILENT), school.person("bob")
    emailed(school, SILENT)
    school.morning("2026-11-27")
    assert "Read and approve" in bob.card(reference).text
    file = school.home / "shorter.toml"
    file.write_text(policy(GLAS, effective="2026-11-28", ladder=SHORTER), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    school.at("09:00", "2026-11-28")
    assert "no longer has the step of this email" in tries_to_approve(bob, reference)
    school.morning("2026-11-30")
    assert "approve" not in bob.card(reference).buttons
    assert f"no longer has the step of the draft for {reference}" in bob.direct()
    assert [each.to for each in school.emails(SILENT)] == [SILENT.university_email]
    assert "Phone: this comes next" in bob.types(f"ladder {reference}").text
