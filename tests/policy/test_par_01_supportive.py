"""§1: everything serves the students' experience and is supportive wherever it is read."""

import re

from tests.policy.acts import (
    confirms_death,
    corrects_death,
    emailed,
    raises_concern,
    reports_death,
)
from tests.policy.people import (
    GLAS,
    MODEL,
    OTHERS,
    SILENT,
    SILENT_TOO,
    TERM,
    Habit,
    Student,
    write_rows,
)
from tests.policy.school import School

UNKIND = re.compile(
    r"at[- ]risk|penal|punish|warning|disengaged|truan|non-?engage|failed to|failure to|"
    r"consequence|disciplin|sanction|poor (?:attend|perform|engage)|problem student|"
    r"you must|low engager|suspicious",
    re.IGNORECASE,
)


def test_nothing_that_is_read_on_a_usual_way_is_unkind(school: School) -> None:
    """Reads the card, digest, dialogs, email, student page and statement of one morning."""
    email = emailed(school, SILENT)
    alice, edgar = school.people("alice", "edgar")
    reference = school.case_of(SILENT)
    read = {
        "channel": alice.channel().one("ol", id="messages").text,
        "case": alice.looks_at(reference),
        "today": alice.types("today").text,
        "close": alice.types(f"close {reference}").text,
        "week": edgar.types("digest week").text,
        "report": edgar.types("report").text,
        "statement": school.lantern("policy", "statement", GLAS).text,
        "email": email.text,
    }
    student = school.tab()
    read |= {f"page {n}": student.get(path).text for n, path in enumerate(email.links)}
    for name, text in read.items():
        found = UNKIND.search(text)
        assert not found, f"{name} says “{text[max(0, found.start() - 60) : found.end() + 60]}”"


def test_who_confirms_a_death_is_told_that_a_message_has_come_since(school: School) -> None:
    """Trap: the student answers that they are well, and a second colleague confirms the death."""
    email = emailed(school, SILENT)
    dora, otto = school.people("dora", "otto")
    reference = school.case_of(SILENT)
    came = "A message has come in since the report. Read it first"
    dora.types(f"death {reference} her family has told the dean")
    assert came not in otto.types(f"death {reference} decide").text
    school.at("09:30")
    school.answers(email, "Hello, I am well. Why can I not open my page?")
    opened = otto.clicks("death", reference)
    assert came in opened.text
    assert "Why can I not" not in opened.text
    assert "Why can I not open my page?" in otto.types(
        f"reveal {reference} prepare-contact"
    ).text + otto.looks_at(reference)


def test_a_death_stops_everything_at_the_first_word(school: School) -> None:
    """Trap: emails stop at the report, and do not wait until a second person confirms it."""
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, "She was not herself when we last spoke")
    alice.drafts(reference)
    school.at("19:00")  # in the quiet hours: an approved email now waits for the morning
    bob.looks_at(reference)
    assert "Approved" in bob.approves(reference).text
    reports_death(alice, reference)
    school.morning("2026-11-24")
    assert not school.emails(SILENT), "an email left for a student who has died"
    opened = alice.types(f"draft {reference}")
    assert not opened.can_be_sent, "an email can be drafted to a student who has died"


def test_the_card_of_who_has_died_is_one_line_without_evidence_or_buttons(school: School) -> None:
    reference = school.case_of(SILENT)
    reports_death(school.person("alice"), reference)
    confirms_death(school.person("edgar"), reference)
    school.works(sweep=True)
    card = school.person("alice").card(reference)
    assert "draft" not in card.buttons, f"the card of who has died offers {card.buttons}"
    for evidence in ("Not seen", "Attended", "Days active", "meetings arranged"):
        assert evidence not in card.text, f"evidence on the card of who has died: {card.text}"


def test_a_refused_report_of_a_death_brings_everything_back(school: School) -> None:
    """Trap: a death is reported by mistake, for the wrong one of two students."""
    alice = school.person("alice")
    reference = school.case_of(SILENT_TOO)
    before = alice.card(reference).text
    reports_death(alice, reference)
    corrects_death(school.person("edgar"), reference)
    school.works(sweep=True)
    assert "Not seen" in alice.card(reference).text, f"not brought back: {before}"


def test_a_report_taken_back_after_some_nights_brings_the_reasons_back_too(
    school: School,
) -> None:
    """A9: the nights in between ended every flag, as for an exempt student."""
    alice, bob = school.people("alice", "bob")
    mistaken, exempt = school.case_of(SILENT), school.case_of(SILENT_TOO)
    bob.types(f"exempt {exempt}").sends(kind="placement", reason="Placement at the glass works")
    for reference in (mistaken, exempt):
        reports_death(alice, reference)
    for day in ("2026-11-24", "2026-11-25"):
        school.morning(day)
    for reference in (mistaken, exempt):
        corrects_death(school.person("edgar"), reference)
    school.works(sweep=True)
    assert "Not seen since Friday 6 November" in alice.card(mistaken).active
    assert "Not seen" not in alice.card(exempt).active, "the placement still holds"
    school.morning("2026-11-26")
    assert "Not seen since Friday 6 November" in alice.card(mistaken).active


def test_the_rosters_word_that_a_student_has_died_stops_everything_too(school: School) -> None:
    """A9: the death was read as leaving, and a welfare email was still sent the next morning."""
    alice, bob, otto, edgar = school.people("alice", "bob", "otto", "edgar")
    email, reference = emailed(school, SILENT), school.case_of(SILENT_TOO)
    school.at("19:00")
    raises_concern(otto, reference, "His flatmate has not heard him for two days")
    alice.drafts(reference, command="draft-welfare")
    assert "Approved" in bob.approves(reference).text
    _roster_says(school, "deceased", SILENT, SILENT_TOO, MODEL)
    school.morning("2026-11-24")
    assert not school.emails(SILENT_TOO), "an email left for a student who has died"
    student = school.tab()
    student.get(email.links[0])
    assert student.status == 404
    card = bob.card(reference)
    assert "The roster of Monday 23 November says that this student has died." in card.text
    assert "draft" not in card.buttons
    assert f"{reference} is reported to have died" in edgar.direct(), "the lead is not asked"

    confirms_death(edgar, school.case_of(SILENT))
    corrects_death(edgar, reference)
    school.works(sweep=True)
    assert "This student has died." in bob.card(school.case_of(SILENT)).text
    assert "Not seen since Friday 6 November" in bob.card(reference).active
    _roster_says(school, "deceased", SILENT, SILENT_TOO, MODEL)
    assert "has died" not in bob.card(reference).text, "reported again what a colleague corrected"


def test_a_death_that_the_roster_reports_is_confirmed_without_a_case_before_it_too(
    school: School,
) -> None:
    """A9: without a case no one was asked, and a mistake stopped all contact unnoticed."""
    otto, edgar = school.people("otto", "edgar")
    assert not school.case_of(MODEL)
    assert not school.case_of(OTHERS[0])
    _roster_says(school, "deceased", MODEL, OTHERS[0])
    wrong, right = school.case_of(MODEL), school.case_of(OTHERS[0])
    for reference in (wrong, right):
        assert f"{reference} is reported to have died" in edgar.direct(), "no one is asked"
        card = otto.card(reference)
        assert "The roster of Monday 23 November says that this student has died." in card.text
        assert "draft" not in card.buttons
    confirms_death(edgar, right)
    corrects_death(edgar, wrong)
    school.works(sweep=True)
    assert "This student has died." in otto.card(right).text
    assert "died" not in otto.card(wrong).text
    assert "closed" in otto.card(wrong).heading.casefold(), "it was opened for the report alone"
    _roster_says(school, "deceased", MODEL, OTHERS[0])
    assert "died" not in otto.card(wrong).text, "reported again what a colleague corrected"

    school.changes(MODEL, Habit(until=school.today))
    school.morning("2026-12-15")
    assert school.case_of(MODEL), "the student who lives is seen by no one"
    assert "Not seen" in otto.card(school.case_of(MODEL)).active


def test_a_death_that_stands_with_an_enrolment_stops_everything_too(school: School) -> None:
    """A9: the roster's other file reported the death, and it was read as the end of a module."""
    edgar, reference = school.person("edgar"), school.case_of(SILENT)
    rows = [(SILENT.number, SILENT.modules[0], f"{TERM}", "deceased")]
    write_rows(
        school.home / "enrolled" / "enrolments.csv", ("number", "module", "starts", "status"), rows
    )
    assert school.lantern("ingest", "roster", school.home / "enrolled").code == 0
    school.works(sweep=True)
    assert f"{reference} is reported to have died" in edgar.direct()
    assert "says that this student has died" in edgar.card(reference).text
    corrects_death(edgar, reference)
    school.works(sweep=True)
    assert "Not seen since Friday 6 November" in edgar.card(reference).active
    school.morning("2026-11-24")
    assert "Not seen since Friday 6 November" in edgar.card(reference).active, "un-enrolled by it"


def _roster_says(school: School, status: str, *who: Student) -> None:
    folder = school.home / f"roster-{school.clock():%d%H}-{status}"
    rows = [(s.number, s.given, s.family, s.level, s.programme, s.school, status) for s in who]
    header = ("number", "given_name", "family_name", "level", "programme", "home_school", "status")
    write_rows(folder / "students.csv", header, rows)
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text
    school.works(sweep=True)


def test_a_roster_that_no_longer_says_so_is_told_and_a_later_one_is_heard(school: School) -> None:
    """Trap: the registry corrects its mistake and no colleague is told; or, after a correction, the
    roster can never again report that the same student has died."""
    reference, edgar = school.case_of(SILENT), school.person("edgar")
    asked = f"{reference} is reported to have died"
    _roster_says(school, "deceased", SILENT)
    before = edgar.direct().count(asked)
    _roster_says(school, "active", SILENT)
    card = edgar.card(reference)
    assert "a later one no longer says it" in card.text
    assert "draft" not in card.buttons, "a person decides, and nothing goes on before"
    assert edgar.direct().count(asked) > before, "the lead is not asked again"
    _roster_says(school, "deceased", SILENT)
    assert "no longer" not in edgar.card(reference).text
    _roster_says(school, "active", SILENT)

    corrects_death(edgar, reference)
    school.works(sweep=True)
    assert "Not seen since Friday 6 November" in edgar.card(reference).active
    _roster_says(school, "active", SILENT)
    assert "died" not in edgar.card(reference).text
    _roster_says(school, "deceased", SILENT)
    assert "says that this student has died" in edgar.card(reference).text


def test_a_roster_that_takes_a_confirmed_death_back_is_told_to_the_lead(
    school: School,
) -> None:
    """Trap: a death is confirmed on the roster's word alone. The registry corrects it, and the
    student, who is alive, is never contacted again."""
    reference, edgar = school.case_of(SILENT), school.person("edgar")
    _roster_says(school, "deceased", SILENT)
    confirms_death(edgar, reference)
    told = f"The death of the student of {reference} is confirmed, and the newest roster no longer"
    assert told not in edgar.direct()
    _roster_says(school, "active", SILENT)
    assert told in edgar.direct()
    assert "This student has died." in edgar.card(reference).text, "a person decides"
    before = edgar.direct().count(told)
    school.at("10:00")
    _roster_says(school, "active", SILENT)
    assert edgar.direct().count(told) == before, "once"
    edgar.fills(f"death {reference} undo", why="The registry had mixed up two students")
    school.works(sweep=True)
    assert "Not seen since Friday 6 November" in edgar.card(reference).active


def test_a_familys_complaint_after_a_death_is_offered_no_contact(school: School) -> None:
    """Trap: "You can still make contact about welfare" is shown for a student who has died."""
    reference, otto = school.case_of(SILENT), school.person("otto")
    reports_death(school.person("alice"), reference)
    confirms_death(school.person("edgar"), reference)
    opened = otto.types(f"complaint {reference}")
    recorded = opened.sends(summary="Her parents say that nobody rang them back")
    assert "is recorded" in recorded.text, recorded.text
    for said in (opened.text, recorded.text):
        assert "contact about welfare" not in said, said
        assert "are sent" not in said, said
