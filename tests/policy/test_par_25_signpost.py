"""§25: Lantern points to support and diagnoses no one."""

import re
from email import message_from_bytes

from tests.policy.acts import emailed
from tests.policy.document import TOLD, policy
from tests.policy.people import SILENT, WELSH
from tests.policy.school import School

DIAGNOSIS = re.compile(
    r"depress|anxiety|suicid|mental illness|diagnos|adhd|unstable", re.IGNORECASE
)


def test_letters_point_to_the_schools_own_services(school: School) -> None:
    text = emailed(school, SILENT).text
    assert "The Wellbeing House" in text
    assert "wellbeing@glass.example" in text
    assert not DIAGNOSIS.search(text), text


def test_a_referral_passes_nothing_on_without_consent(school: School) -> None:
    bob = school.person("bob")
    reference = school.case_of(SILENT)
    bob.fills(f"refer {reference}", service="wellbeing", consent="no")
    school.works(sweep=True)
    card = bob.card(reference)
    assert "Referred" not in card.heading, "referred without the student's consent"


def test_no_email_diagnoses(school: School) -> None:
    """Trap: a kind colleague who has read about the illness."""
    alice = school.person("alice")
    said = alice.drafts(school.case_of(SILENT), "I think that you are suffering from depression.")
    assert said.text, "a diagnosis was kept as a draft"


def test_no_letter_promises_today_outside_working_hours(school: School) -> None:
    """A14: outside working hours no colleague may be able to answer on the same day."""
    email = emailed(school, SILENT)
    assert not re.search(r"\b(?:today|straight away|immediately|at once)\b", email.text), email.text


NIGHT_PORTER = "the night porter of Glass House on 01632 960 961"


def _names_a_contact(school: School) -> None:
    file = school.home / "night.toml"
    more = f'\n[urgent]\nout_of_hours = "{NIGHT_PORTER}"\n'
    file.write_text(policy(effective=school.today, more=more), encoding="utf-8")
    done = school.lantern("policy", "publish", file, *TOLD)
    assert done.code == 0, done.text


def test_an_answer_at_night_hears_of_the_schools_contact_once(school: School) -> None:
    """A14: at ten at night a student got no answer, and the case said *answered* until morning."""
    _names_a_contact(school)
    email = emailed(school, SILENT)
    school.at("22:00")
    for words in ("I cannot go on like this.", "Are you there?"):
        school.answers(email, words)
    school.works(sweep=True)
    (reply,) = [each for each in school.emails(SILENT) if each.file != email.file]
    for part in ("automatic reply", NIGHT_PORTER, "999", "in working hours", "next open on"):
        assert part in reply.text, reply.text
    assert not re.search(r"\b(?:today|tonight|straight away|at once)\b", reply.text), reply.text
    assert not DIAGNOSIS.search(reply.text)
    assert message_from_bytes(reply.file.read_bytes())["Auto-Submitted"] == "auto-replied"
    # An automatic reply from the student's mailbox is not answered in turn.
    school.answers(reply, "I am away.", headers={"Auto-Submitted": "auto-replied"})
    assert len(school.emails(SILENT)) == 2
    reference = school.case_of(SILENT)
    shown = school.person("bob").types(f"show {reference}").text
    assert "An automatic reply was sent" in shown, shown
    assert "sent an automatic reply" in school.audit()
    assert "Answer one of our emails" in school.lantern("policy", "statement", "GLAS").text


def test_a_welsh_answer_at_night_hears_of_it_in_welsh(school: School) -> None:
    """The listening service was named in English in the middle of a Welsh sentence."""
    _names_a_contact(school)
    email = emailed(school, WELSH)
    school.at("22:00")
    school.answers(email, "Ni allaf ddal ati fel hyn.")
    school.works(sweep=True)
    (reply,) = [each for each in school.emails(WELSH) if each.file != email.file]
    assert "Gallwch gysylltu â'r Samariaid ar 116 123 ar unrhyw adeg." in reply.text, reply.text
    assert "Samaritans" not in reply.text


def test_the_students_page_names_the_schools_contact(school: School) -> None:
    """Shown above the forms on which a student writes to the school, and after a click."""
    _names_a_contact(school)
    email = emailed(school, SILENT)
    for path in email.links:
        assert NIGHT_PORTER in school.tab().get(path).text, path
