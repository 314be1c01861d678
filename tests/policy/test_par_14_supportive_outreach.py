"""§14: interventions support: they ask for the reason, and offer help and ways back."""

import pytest

from tests.policy.acts import emailed, tries_to_approve
from tests.policy.document import policy
from tests.policy.people import GLAS, SILENT, WELSH
from tests.policy.school import School

THREATS = (
    "You have to reply by Friday.",
    "This is your last chance.",
    "Your place may be withdrawn.",
    "Unless you reply, we will take this further.",
    "You are at risk of failing.",
    "This is a final warning about your attendance.",
)
HARMLESS = (
    "You have to admit the weather is awful.",
    "The library has a last chance to see the glass exhibition this week.",
    "I will be in my office by Friday if you would like to come.",
)


@pytest.mark.parametrize("threat", THREATS)
def test_a_threat_is_not_kept_as_a_draft(school: School, threat: str) -> None:
    """A8: typed by a worried colleague in a hurry."""
    said = school.person("alice").drafts(school.case_of(SILENT), threat)
    assert said.text, f"accepted: {threat}"


@pytest.mark.parametrize("harmless", HARMLESS)
def test_what_only_sounds_alike_is_kept(school: School, harmless: str) -> None:
    said = school.person("alice").drafts(school.case_of(SILENT), harmless)
    assert not said.errors, f"refused: {harmless}: {said.errors}"


def test_a_school_cannot_publish_a_letter_that_threatens(school: School) -> None:
    letter = (
        '[[letters]]\nkind = "university-email"\nlanguage = "en"\nsubject = "Your studies"\n'
        'text = """Dear {{given_name}},\nThis is your final warning. You must reply.\n"""\n'
    )
    file = school.home / "letter.toml"
    file.write_text(policy(GLAS, more=letter), encoding="utf-8")
    done = school.lantern("policy", "check", file)
    assert done.code != 0, "a letter with a final warning passes the check"
    assert "line" in done.text, f"it does not say where: {done.text}"


def test_the_letter_asks_offers_and_threatens_nothing(school: School) -> None:
    text = emailed(school, SILENT).text
    for wanted in ("?", "meet", "Wellbeing House", "more time", "reply"):
        assert wanted in text, f"{wanted} is missing: {text}"


def test_who_is_written_to_in_welsh_is_not_threatened_in_welsh(school: School) -> None:
    alice = school.person("alice")
    for threat in ("Dyma eich rhybudd olaf.", "Rhaid i chi ateb erbyn dydd Gwener."):
        said = alice.drafts(school.case_of(WELSH), threat)
        assert said.text, f"accepted: {threat}"


ANSWER = "My mother has died, and I was in hospital."


def _reads(school: School, name: str, reference: str) -> None:
    read = school.person(name).fills(f"reveal {reference}", purpose="answer-request")
    assert ANSWER in read.text, read.text


def test_nobody_writes_to_who_has_answered_before_they_have_read_it(school: School) -> None:
    """Trap: the draft said "I have read your message, and it was good to hear from you" when no
    colleague had read it; the case returned to "Email sent" and the answer left every list."""
    alice, bob = school.people("alice", "bob")
    email, reference = emailed(school, SILENT), school.case_of(SILENT)
    school.answers(email, ANSWER)
    refused = alice.types(f"draft {reference}")
    assert not refused.can_be_sent
    assert "the student has answered, and you have not read it yet" in refused.text, refused.text
    _reads(school, "bob", reference)
    assert not alice.types(f"draft {reference}").can_be_sent, "Bob has read it, and Alice has not"
    _reads(school, "alice", reference)
    assert not alice.drafts(reference).is_refused
    assert not bob.approves(reference).is_refused
    school.works(sweep=True)
    assert any("I have read your message" in each.body for each in school.emails(SILENT))


def test_a_draft_that_an_answer_overtakes_waits_until_the_answer_is_read(school: School) -> None:
    """The card said "on hold until the answer is read", yet the draft could be approved."""
    bob, dora = school.people("bob", "dora")
    email, reference = emailed(school, SILENT), school.case_of(SILENT)
    school.morning("2026-11-27")
    school.person("alice").drafts(reference)
    school.answers(email, ANSWER)
    assert "draft email on hold until the answer is read" in bob.card(reference).text
    assert "no one has read it yet" in tries_to_approve(bob, reference)
    assert len(school.emails(SILENT)) == 1
    # A case with an unread answer cannot be closed in passing either.
    opened = dora.types(f"close {reference}")
    assert opened.dialog is None, "Dora may not close"
    opened = bob.types(f"close {reference}").sends(outcome="circumstances-known")
    assert "The student has answered, and no one has read it yet." in opened.text, opened.text
    _reads(school, "bob", reference)
    assert not bob.types(f"close {reference}").sends(outcome="circumstances-known").is_refused
