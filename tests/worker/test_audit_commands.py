"""``lantern audit``: a removed end is detected, and every look is recorded (§28)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from typer.testing import CliRunner

from integrations.settings import Settings
from store.audit import GENESIS
from store.tables import audit, audit_head
from tests.people import LANGUAGES, MATHEMATICS
from tests.worker.erasures import joins
from tests.worker.office import Office, office_in, words
from worker.cli.main import app
from worker.jobs.sweep import sweep

Verdict = Callable[..., tuple[int, str]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        anchored = made.services.settings.model_copy(update={"audit_anchor": tmp_path / "anchor"})
        made.services = replace(made.services, settings=anchored)
        yield made


@pytest.fixture
def verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Verdict]:
    """Give a function that returns the exit code and output of ``lantern audit verify``."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AUDIT_ANCHOR", str(tmp_path / "anchor"))

    def verify(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["audit", "verify", *more])
        return done.exit_code, done.output

    yield verify
    structlog.reset_defaults()


def cut(office: Office, rows: int) -> None:
    """Delete rows at the end and set the head back, as the database's administrator can."""
    with office.world.store.database.write() as connection:
        last = connection.execute(sa.select(sa.func.max(audit.c.seq))).scalar_one() - rows
        connection.execute(sa.delete(audit).where(audit.c.seq > last))
        end = connection.execute(sa.select(audit.c.hash).where(audit.c.seq == last)).scalar_one()
        connection.execute(sa.update(audit_head).values(seq=last, hash=end))


def test_rows_cut_off_the_end_are_found_by_the_anchor_alone(
    office: Office, verdict: Verdict
) -> None:
    case = office.world.open_case()
    assert office.clicks("alice", "take", case=case) is not None
    sweep(office.services)
    code, said = verdict()
    assert (code, said.splitlines()[0]) == (0, "The audit is intact.")
    assert "anchored up to row" in said

    cut(office, 1)
    assert office.world.store.verify_audit() is None, "the chain alone does not show it"
    code, said = verdict()
    assert (code, said.splitlines()[0]) == (1, "The audit is broken.")
    assert "was anchored on" in said


def test_an_audit_that_was_deleted_whole_is_found_by_its_anchors(
    office: Office, verdict: Verdict
) -> None:
    office.world.open_case()
    sweep(office.services)
    with office.world.store.database.write() as connection:
        connection.execute(sa.delete(audit))
        connection.execute(sa.update(audit_head).values(seq=0, hash=GENESIS))
    assert office.world.store.verify_audit() is None, "the chain alone does not show it"
    code, said = verdict()
    assert (code, said.splitlines()[0]) == (1, "The audit is broken.")
    assert re.search(r"row \d+ was anchored on .*, and is missing", said)


def test_an_anchor_that_is_away_is_said_and_not_taken_for_a_cut(
    office: Office, verdict: Verdict, tmp_path: Path
) -> None:
    office.world.open_case()
    code, said = verdict()
    assert code == 1
    assert "do not confirm its end" in said
    assert "AUDIT_ANCHOR" in said
    sweep(office.services)
    office.clock.now += dt.timedelta(hours=1)
    (tmp_path / "anchor").rename(tmp_path / "kept")
    code, said = verdict("--anchor", str(tmp_path / "kept"))
    assert code == 0, said


def test_an_emptied_anchor_file_does_not_look_new(
    office: Office, verdict: Verdict, tmp_path: Path
) -> None:
    case = office.world.open_case()
    sweep(office.services)
    (tmp_path / "anchor").write_text("")
    code, said = verdict()
    assert code == 1
    assert "anchoring began on" in said

    assert office.clicks("alice", "take", case=case) is not None
    cut(office, 1)
    office.clock.now += dt.timedelta(hours=1)
    sweep(office.services)
    code, said = verdict()
    assert "compare it with a copy" in said, "anchoring went on in the emptied file"


def test_anchors_beside_no_audit_name_the_row_that_is_missing(
    office: Office, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes away database and keys leaves the anchors, and a look makes no new ones."""
    office.world.open_case()
    sweep(office.services)
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("LANTERN_HOME", str(elsewhere))
    for more in ((), ("--anchors", str(tmp_path / "anchor"))):
        code, said = verdict(*more)
        assert (code, said.splitlines()[0]) == (1, "There is no audit here.")
        assert re.search(r"row \d+ was anchored on .* and is missing", said)
    assert CliRunner().invoke(app, ["audit", "export"]).exit_code != 0
    assert not elsewhere.exists()

    assert CliRunner().invoke(app, ["release"]).exit_code == 0  # a new database with new keys
    code, said = verdict()
    assert (code, said.splitlines()[0]) == (1, "The audit is broken.")
    assert "is missing" in said


def test_the_officer_gets_the_anchors_and_one_that_was_copied_shows_a_cut(
    office: Office, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_officer = office.services.settings.model_copy(update={"audit_anchor": Path("officer")})
    office.services = replace(office.services, settings=to_officer)
    monkeypatch.setenv("AUDIT_ANCHOR", "officer")
    case = office.world.open_case()
    assert "the roster names none" in verdict()[1]
    joins(office, "priya", LANGUAGES)
    joins(office, "pavel", MATHEMATICS)
    for _ in range(3):
        sweep(office.services)
        office.works()
    (message,) = office.messages("direct:priya")
    assert len(office.messages("direct:pavel")) == 1
    code, said = verdict()
    assert (code, "were not compared" in said, "anchored up to row" in said) == (0, True, True)
    (line,) = re.findall(r"Lantern audit anchor: \d+ \w+ [\d:.T+-]+ \w+", str(message.payload))
    (tmp_path / "copied").write_text(f"The audit has new rows.\n> {line}\n")
    code, said = verdict("--anchor", str(tmp_path / "copied"))
    assert code == 0, said

    assert office.clicks("alice", "take", case=case) is not None
    sweep(office.services)
    assert len(office.messages("direct:priya")) == 1, "not more often than every ten minutes"
    office.clock.forward(minutes=11)
    sweep(office.services)
    office.works()
    assert len(office.messages("direct:priya")) == 2

    cut(office, 4)
    code, said = verdict("--anchor", str(tmp_path / "copied"))
    assert (code, "was anchored on" in said) == (1, True)
    (tmp_path / "copied").write_text(line.replace("anchor: ", "anchor: 1"))
    assert "was changed" in verdict("--anchor", str(tmp_path / "copied"))[1]


def test_anchors_by_email_show_a_cut_however_they_were_kept(
    office: Office, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "mailto:dpo@example.ac.uk"
    by_email = office.services.settings.model_copy(update={"audit_anchor": Path(place)})
    office.services = replace(office.services, settings=by_email)
    monkeypatch.setenv("AUDIT_ANCHOR", place)
    case = office.world.open_case()
    for minutes in (0, 1, 10):
        office.clock.forward(minutes=minutes)
        assert office.clicks("alice", "show", case=case) is not None
        sweep(office.services)
    mails = office.left()
    assert [mail.recipient for mail in mails] == ["dpo@example.ac.uk"] * 2, "ten minutes apart"
    code, said = verdict()
    assert (code, "were not compared" in said, "anchored up to row" in said) == (0, True, True)

    folder = tmp_path / "home" / "mail" / mails[0].mailbox / "sent"
    raw = [file.read_bytes() for file in sorted(folder.iterdir())]
    kept = {
        "one.eml": (folder / f"{mails[0].ref}.eml").read_bytes(),
        "all.mbox": b"".join(b"From - Wed Oct 22 2025\n" + each + b"\n" for each in raw),
        "copied.txt": "\n\n".join(mail.body for mail in mails).encode("utf-16"),
        "quoted.txt": "\n".join(f"> {line}" for line in mails[0].body.splitlines()).encode(),
    }
    for name, content in kept.items():
        (tmp_path / name).write_bytes(content)
    copies = [str(folder), *(str(tmp_path / name) for name in kept)]
    for copy in copies:
        assert verdict("--anchors", copy)[0] == 0, copy
    forged = mails[0].body.replace("anchor: ", "anchor: 1").encode()
    (tmp_path / "forged.txt").write_bytes(forged)
    assert "was changed, or was not sent" in verdict("--anchors", str(tmp_path / "forged.txt"))[1]

    cut(office, 4)
    for copy in copies:
        code, said = verdict("--anchors", copy)
        assert (code, "was anchored on" in said) == (1, True), copy


def test_the_officer_reads_who_saw_what_and_what_for(office: Office) -> None:
    joins(office, "priya", LANGUAGES)
    case = office.world.open_case("dana")
    nothing = words(office.types("priya", "who-saw 1001").card)
    assert "No one has opened" in nothing
    office.clicks("bob", "show", case=case)
    purpose = office.dialog("alice", "reveal", case)
    office.submits("alice", purpose, purpose="other", why="Her flatmate asked about her")
    told = words(office.types("priya", "who-saw 1001").card)
    assert "Alice" in told
    assert "identity, address, notes, answers. For another reason: Her flatmate asked" in told
    assert "Bob" in told
    assert "Dana" not in told
    assert "Asked" not in words(office.types("priya", "who-saw 1002").card)


@pytest.mark.parametrize("who", ["alice", "lena", "sana", "bob"])
def test_only_the_officer_is_told(office: Office, who: str) -> None:
    office.world.open_case("dana")
    said = words(office.types(who, "who-saw 1001").card)
    assert "data protection officer" in said
    assert "look" not in said.casefold().replace("looked", "")
