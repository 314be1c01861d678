"""§19: each school has a trained engagement lead; without one no email is sent."""

from tests.policy.acts import VIEW, tries_to_approve
from tests.policy.people import GLAS, RIVE, SILENT, address, write_rows
from tests.policy.school import School

COLUMNS = ("email", "name", "roles", "trained_on", "sandbox_user")


def _staff(school: School, *rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS) -> None:
    folder = school.home / f"staff-{len(list(school.home.iterdir()))}"
    write_rows(folder / "staff.csv", columns, rows)
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text


def _try(school: School) -> str:
    alice, bob, dora = school.people("alice", "bob", "dora")
    reference = school.case_of(SILENT)
    dora.views(reference, VIEW)
    said = alice.drafts(reference).text or tries_to_approve(bob, reference)
    school.works(sweep=True)
    return said


def test_without_a_trained_lead_no_email_leaves(school: School) -> None:
    _staff(
        school,
        (address("edgar"), "Edgar Ember", f"{GLAS}:adviser", "2026-09-01", "edgar"),
        (address("nora"), "Nora Nacre", f"{GLAS}:engagement-lead", "", "nora"),
    )
    said = _try(school)
    assert not school.emails(), "an email left a school whose only lead is not trained"
    assert "train" in said.casefold() or "lead" in said.casefold(), said


def test_the_only_lead_does_not_certify_herself(school: School) -> None:
    """A16: another lead, the faculty's lead or an administrator can certify her."""
    _staff(
        school,
        (address("edgar"), "Edgar Ember", f"{GLAS}:adviser", "2026-09-01", "edgar"),
        (address("nora"), "Nora Nacre", f"{GLAS}:engagement-lead", "", "nora"),
    )
    nora = school.person("nora")
    nora.types("train nora 2026-11-20")
    nora.types(f"train {address('nora')} 2026-11-20")
    _try(school)
    assert not school.emails(), "the only lead recorded her own training, and emails leave"


def test_a_row_without_an_optional_column_takes_nothing_away(school: School) -> None:
    """A16: a staff.csv with addresses, names and roles alone."""
    _staff(
        school,
        (address("alice"), "Alice Amber", f"{GLAS}:adviser"),
        columns=("email", "name", "roles"),
    )
    alice = school.person("alice")
    page = alice.channel().text
    assert alice.tab.status == 200, f"a row without a column un-enrolled Alice: {page}"
    assert "Not seen" in school.person("alice").card(school.case_of(SILENT)).text


def test_training_without_a_day_or_in_the_future_is_refused(school: School) -> None:
    edgar = school.person("edgar")
    for line in ("train dora", "train dora soon", "train dora 2031-01-01"):
        said = edgar.types(line).text
        assert said, line
        assert "2031" not in school.person("dora").types("me").text
    assert RIVE not in edgar.types("me").text


def test_a_lead_reads_who_records_their_training_and_the_day_has_its_year(school: School) -> None:
    _staff(school, (address("nora"), "Nora Nacre", f"{GLAS}:engagement-lead", "", "nora"))
    nora, frida = school.people("nora", "frida")
    assert "another engagement lead or your faculty's lead" in nora.types("me").text
    assert "1 January 2019 is recorded" in frida.types("train Nora Nacre 2019-01-01").text


def test_a_training_that_is_still_to_come_makes_no_lead_trained(school: School) -> None:
    """Trap: staff.csv gives the day of a course that is only booked."""
    folder = school.home / "booked"
    write_rows(
        folder / "staff.csv",
        COLUMNS,
        [(address("nora"), "Nora Nacre", f"{GLAS}:engagement-lead", "2027-01-11", "nora")],
    )
    done = school.lantern("ingest", "roster", folder)
    assert done.code, done.text
    assert "line 2: trained_on is in the future" in done.text
    assert "--from" not in done.text, "a roster has no days"
