"""§28: personal data is handled strictly: purpose, access, retention, erasure, in every place."""

import re

from tests.policy.acts import VIEW, emailed
from tests.policy.people import CAST, GLAS, SILENT, STAFF, address
from tests.policy.school import School
from worker.demo.browser import Form


def test_channels_know_a_pseudonym_alone(school: School) -> None:
    emailed(school, SILENT)
    page = school.person("dora").channel().one("ol", id="messages").text
    for who in CAST:
        for secret in (who.number, who.family, who.university_email, who.personal_email):
            assert secret not in page, f"{secret} stands in the channel"


def test_a_name_opens_for_a_purpose_and_the_purpose_is_kept(school: School) -> None:
    alice = school.person("alice")
    reference = school.case_of(SILENT)
    opened = alice.types(f"reveal {reference}")
    assert SILENT.family not in opened.text, "the name stands there before anybody said what for"
    shown = opened.sends(purpose="prepare-contact").text
    assert SILENT.family in shown
    assert re.search(r"Alice Amber.{0,60}saw details", school.audit())
    assert (
        SILENT.family not in school.person("dora").types(f"reveal {reference} prepare-contact").text
    )


def test_there_is_no_second_door_without_the_lock(school: School) -> None:
    """A10: *Draft email*, then *Cancel*, shows name and address."""
    alice = school.person("alice")
    reference = school.case_of(SILENT)
    shown = alice.types(f"draft {reference}").text
    audit = school.audit()
    seen = [word for word in (SILENT.given, SILENT.university_email) if word in shown]
    assert not seen or re.search(r"Alice Amber.{0,80}(?:reveal|open|saw|shown|draft)", audit), (
        f"drafting shows {seen}, and nothing records who looked"
    )


def test_no_internal_number_where_people_read_one(school: School) -> None:
    """A7: checks everything that a colleague can read."""
    said = {}
    for name in ("alice", "bob", "edgar", "frida"):
        for line in (
            "today",
            "mine",
            "queue",
            "coverage",
            "report",
            "feeds",
            "digest week",
            "said",
            "home",
        ):
            said[f"{name}: {line}"] = school.person(name).types(line).text
    for where, text in said.items():
        assert not re.search(r"\bstudent \d{1,3}\b", text), f"{where}: {text}"


def test_an_address_of_a_page_carries_nobody(school: School) -> None:
    email = emailed(school, SILENT)
    for link in email.links:
        assert SILENT.number.casefold() not in link.casefold()
        assert SILENT.given.casefold() not in link.casefold()


def test_whose_click_it_is(school: School) -> None:
    """A13: two tabs of one browser; the older shows Alice, and in the newer it is Dora."""
    tab = school.tab()
    tab.post("/sandbox/person", {"user": "alice"})
    old = tab.get("/sandbox/c/glas")
    form = old.one("form", id="composer")
    tab.post("/sandbox/person", {"user": "dora"})
    tab.address = "/sandbox/c/glas"
    tab.send(Form(form, form.one("button")), text="I will ring her this afternoon")
    page = school.person("edgar").channel().one("ol", id="messages").text
    assert not re.search(r"Dora Dune.{0,40}I will ring her", page), (
        "written in a tab that showed Alice, and kept as Dora's"
    )


def test_erasure_reaches_the_posted_card_and_the_mail_folder(school: School) -> None:
    emailed(school, SILENT)
    reference = school.case_of(SILENT)
    words = (
        "student",
        "erase",
        SILENT.number,
        "--officer",
        address("petra"),
        "--why",
        "She asked us to",
    )
    first = school.lantern(*words)
    assert first.code == 0, first.text
    figure = re.search(r"--confirm (\S+)", first.text)
    assert figure, first.text
    assert school.emails(SILENT), "the first run erases nothing"
    done = school.lantern(*words, "--confirm", figure[1])
    assert done.code == 0, done.text
    school.works(sweep=True)
    assert reference not in school.cards(), "the card of who was erased still stands in the channel"
    assert not school.emails(SILENT)
    assert SILENT.number not in school.person("alice").types(f"find {SILENT.number}").text.replace(
        f"“{SILENT.number}”", ""
    )
    assert school.lantern("audit", "verify").code == 0


def test_nobody_but_the_officer_erases(school: School) -> None:
    for who in ("alice", "edgar", "frida"):
        done = school.lantern(
            "student", "erase", SILENT.number, "--officer", address(who), "--why", "Because I can"
        )
        assert done.code != 0, f"{STAFF[who][0]} may erase"


def test_the_audit_shows_who_looked(school: School) -> None:
    school.person("alice").types(f"find {SILENT.family}")
    assert re.search(r"Alice Amber.{0,60}(?:find|look)", school.audit())
    assert SILENT.family not in school.audit(), "the audit itself spells out the name"
    assert GLAS in school.audit()


def test_the_access_log_names_everything_that_a_door_showed(school: School) -> None:
    """A10: a letter greets the student by name, wherever it is read."""
    alice, bob, dora, edgar = school.people("alice", "bob", "dora", "edgar")
    reference = school.case_of(SILENT)
    alice.types(f"note {reference}").sends(note="Her rent went up, says the warden of Glass House")
    dora.views(reference, VIEW)
    alice.drafts(reference)
    for line in ("draft", "approve", "reject"):
        _all_is_logged(school, bob.types(f"{line} {reference}").text, line)
    bob.approves(reference)
    school.works(sweep=True)
    school.answers(school.emails(SILENT)[-1], "My grandmother is in hospital")
    _all_is_logged(school, bob.types(f"show {reference}").text, "show")
    shown = bob.types(f"reveal {reference}").sends(purpose="prepare-contact").text
    _all_is_logged(school, shown, "reveal")
    dora.types(f'complaint {reference} alice "the tone of the message"')
    school.works(sweep=True)
    for page in (1, 2, 3, 4):
        shown = edgar.types(f"complaint {reference} export {page}").text
        _all_is_logged(school, shown, f"evidence, page {page}")


def _all_is_logged(school: School, shown: str, door: str) -> None:
    newest = re.search(r"shows: ((?:, |[a-z]+(?!:)\b)+)", school.audit())
    logged = newest[1] if newest else ""
    for what, secret in (
        ("identity", SILENT.given),
        ("address", SILENT.university_email),
        ("address", SILENT.personal_email),
        ("letter", "I would like to know how you are"),
        ("notes", "Her rent went up"),
        ("answers", "grandmother"),
    ):
        assert secret not in shown or what in logged, f"{door} shows {what}; logged: {logged}"
