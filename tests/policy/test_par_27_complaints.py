"""§27: a student may complain; informally first, fairly, with no engagement emails meanwhile."""

from tests.policy.acts import VIEW, emailed, raises_concern, tries_to_approve
from tests.policy.people import SILENT, SILENT_TOO, Student
from tests.policy.school import School


def _complains(school: School, about: str = "alice", who: Student = SILENT) -> str:
    reference = school.case_of(who)
    said = school.person("dora").types(f'complaint {reference} {about} "the tone of the message"')
    if said.dialog is not None:
        said.sends()
    school.works(sweep=True)
    return reference


def test_contact_about_engagement_stops_even_what_was_approved(school: School) -> None:
    """Trap: approved in the evening, complained about in the night."""
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, VIEW)
    alice.drafts(reference)
    school.at("19:00")
    bob.looks_at(reference)
    bob.approves(reference)
    _complains(school)
    school.morning("2026-11-24")
    assert not school.emails(SILENT), "an email about engagement left while a complaint is open"


def test_whom_it_is_about_neither_handles_nor_reads_it(school: School) -> None:
    reference = _complains(school)
    alice = school.person("alice")
    for line in (f"complaint {reference}", f"draft {reference}", f"note {reference} it was not so"):
        opened = alice.types(line)
        assert opened.dialog is None, f"who is complained about may {line}"
    assert "tone of the message" not in alice.channel().text + alice.direct()


def test_the_card_that_all_share_says_for_whom_its_buttons_are(school: School) -> None:
    """A12: Alice sees the channel's card and was refused on the click. The card does not tell the
    other colleagues that the complaint is about her."""
    reference = _complains(school, about="alice")
    alice, bob = school.people("alice", "bob")
    said = "If the complaint is about you, the buttons below are not for you."
    assert said in alice.card(reference).text
    assert "Alice" not in alice.card(reference).text
    assert said not in bob.card(reference).text, "his own card has the buttons that he may use"


def test_who_handles_and_who_resolves_it_read_what_it_says(school: School) -> None:
    """Trap: the complaint was recorded, but its text was not shown to the people who decide."""
    reference = school.case_of(SILENT)
    alice, bob, dora, edgar, otto = school.people("alice", "bob", "dora", "edgar", "otto")
    opened = dora.types(f"complaint {reference}")
    assert opened.dialog
    number = {each.text: each.attributes["value"] for each in opened.dialog.all("option")}
    chosen = {"about": number["Alice Amber"], "handler": number["Bob Beryl"]}
    opened.sends(summary="She rang my mother", **chosen)
    dora.types(f'complaint {reference} nobody "the email came twice"')
    school.works(sweep=True)
    for reader, line in (
        (bob, f"complaint {reference} read"),
        (edgar, f"complaint {reference} read"),
        (edgar, f"complaint {reference} resolve"),
    ):
        said = reader.types(line).text
        assert "Dora Dune on Monday 23 November, about Alice Amber: She rang my mother" in said
        assert "the email came twice" in said
    assert "Read the complaint" in bob.direct(), "who handles it has no way to its words"
    assert "you handle it, or resolve it as engagement lead" in edgar.direct(), "Bob handles it"
    assert school.audited("read the complaint about")
    for outsider in (alice, dora, otto):
        said = outsider.types(f"complaint {reference} read").text
        assert "my mother" not in said, f"{outsider.name} reads it"
    resolve = edgar.types(f"complaint {reference} resolve")
    assert "2 complaints are open, and what you write resolves all of them" in resolve.text
    done = resolve.sends(resolution="We rang her, said sorry, and wrote down who may be called")
    assert f"All 2 complaints about {reference} are resolved." in done.text


def test_welfare_goes_on(school: School) -> None:
    reference = _complains(school)
    bob, otto = school.people("bob", "otto")
    raises_concern(bob, reference, "Her neighbour has not heard her for two days")
    bob.drafts(reference, command="draft-welfare")
    tried = tries_to_approve(otto, reference)
    school.works(sweep=True)
    assert school.emails(SILENT), f"a concern for welfare waited for the complaint: {tried}"


def test_a_welfare_email_is_no_second_way_to_write_about_engagement(school: School) -> None:
    """Trap: a colleague who may not write about engagement uses a welfare concern to do so."""
    reference = _complains(school)
    bob, otto = school.people("bob", "otto")
    raises_concern(bob, reference, "Her neighbour has not heard her for two days")
    studies = "You have missed nine seminars and your essay, please hand it in."
    tried = bob.drafts(reference, studies, command="draft-welfare")
    assert "This speaks of the studies: “You have missed nine seminars" in tried.text
    assert "needs a colleague's view first" in tried.text
    assert "no email waiting" in otto.types(f"approve {reference}").text
    kind = "Your neighbour asked us how you are. May I ring you this evening?"
    assert not bob.drafts(reference, kind, command="draft-welfare").errors
    assert not tries_to_approve(otto, reference)


def test_other_students_cases_go_on(school: School) -> None:
    _complains(school)
    assert emailed(school, SILENT_TOO).to == SILENT_TOO.university_email


def test_the_lead_resolves_it_in_words_and_the_evidence_is_kept(school: School) -> None:
    reference = _complains(school)
    edgar = school.person("edgar")
    opened = edgar.clicks("complaint", reference, "Resolve")
    # A2: “. . .” is not a resolution.
    assert opened.sends(resolution=". . . .").text, "resolved by four dots"
    edgar.clicks("complaint", reference, "Resolve").sends(
        resolution="We talked with her on the phone and changed the wording of our letters"
    )
    school.works(sweep=True)
    assert "resume" not in edgar.card(reference).heading
    assert school.audited("complaint")
