"""Plain ``lantern doctor``: its output, and its failure if a student's status has no
explanation."""

import datetime as dt
from contextlib import suppress

import pytest
import sqlalchemy as sa
import typer

from store.actions.notices.troubles import Trouble, record_trouble
from store.rules.model import TroubleKind
from store.tables import policies, troubles
from tests.people import policy_document
from tests.worker.office import Office
from worker.doctor.checks import examine
from worker.doctor.findings import print_findings


def printed(office: Office, capsys: pytest.CaptureFixture[str]) -> str:
    print_findings(examine(office.services))
    return capsys.readouterr().out


def test_nothing_is_amiss(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.world.open_case()
    assert printed(office, capsys) == (
        "ok   0 students have an active flag and no open case, 0 of them unexplained\n"
        "ok   student numbers: 4 digits\n"
    )


def test_each_student_is_explained(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.world.open_case()
    office.types("alice", "close LANG-1 circumstances-known")
    said = printed(office, capsys)
    assert "1 student has an active flag and no open case, 0 of them unexplained" in said
    assert "LANG: LANG-1: in the time of grace after a closed case until Wednesday 5" in said
    assert "1001" not in said
    assert "Dana" not in said


def test_it_fails_where_one_is_not(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.world.open_case()
    office.types("alice", "close LANG-1 circumstances-known")
    office.clock.now += dt.timedelta(days=40)
    with pytest.raises(typer.Exit) as failed:
        print_findings(examine(office.services))
    assert failed.value.exit_code == 1
    said = capsys.readouterr().out
    assert "FAIL 1 student has an active flag and no open case, 1 of them unexplained." in said
    assert "FAIL   LANG: LANG-1: unexplained" in said


def weaken(office: Office) -> None:
    """Store a version that was published before today's checks existed."""
    weak = policy_document(clear_after_days=2).replace(
        'published = ["student handbook", "email"]', 'published = ["x", "y"]'
    )
    with office.services.store.unit_of_work() as work:
        work.connection.execute(
            sa.update(policies)
            .where(policies.c.school_id == office.world.school())
            .values(document=weak, document_hash="before")
        )


def test_it_names_what_a_version_in_force_may_no_longer_say(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    weaken(office)
    with pytest.raises(typer.Exit):
        print_findings(examine(office.services))
    said = capsys.readouterr().out
    assert "FAIL LANG, policy version 1: clear_after_days is 2; allowed is a whole" in said
    assert 'FAIL LANG, policy version 1: approval.published has "x"; allowed is a way' in said
    assert "?    LANG, policy version 1: where and when students were told by x and y" in said
    assert "MATH" not in said


def test_it_names_a_source_that_no_feed_knows(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.services.settings.home / "feeds" / "moodel").mkdir(parents=True)
    with suppress(typer.Exit):
        print_findings(examine(office.services))
    said = capsys.readouterr().out
    assert '?    LANG, policy version 1: markers has the source "moodle", of which no file' in said
    assert "Lantern knows moodel." in said


def test_it_names_letters_that_their_own_check_would_refuse(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    services = '[[services]]\nkey = "w"\nname = "W"\nhelps_with = "lazy students"\ncontact = "c"\n'
    with office.services.store.unit_of_work() as work:
        work.connection.execute(
            sa.update(policies)
            .where(policies.c.school_id == office.world.school())
            .values(document=policy_document() + services, document_hash="long before")
        )
    with pytest.raises(typer.Exit):
        print_findings(examine(office.services))
    said = capsys.readouterr().out
    assert "FAIL LANG, policy version 1: services[1].helps_with is used in letters and says" in said


def test_it_lists_what_cannot_be_done(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """A problem that may end by itself does not fail; one that needs a person does."""
    store, school = office.services.store, office.world.school()
    reason = "The mailbox cannot be read."
    record_trouble(store, Trouble(TroubleKind.MAILBOX, "lang", reason, school=school))
    assert f"?    LANG: {reason} Since Wednesday 22 October, 1 try" in printed(office, capsys)
    with store.unit_of_work() as work:
        work.connection.execute(sa.update(troubles).values(told_at=work.now))
    with pytest.raises(typer.Exit):
        print_findings(examine(office.services))
    assert f"FAIL LANG: {reason} Since" in capsys.readouterr().out
