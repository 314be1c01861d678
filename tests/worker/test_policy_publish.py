"""``lantern policy publish`` and ``new``: what is saved, reported as missing, and frozen."""

import datetime as dt
import hashlib
import re
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from store.policies import document as policy
from store.rules.calendar import Period
from tests.people import policy_document
from tests.worker.policy_lines import document, home, lantern, new_document, screened
from worker.cli.main import app

__all__ = ["home", "screened"]


def test_publish_gives_the_version(home: Path) -> None:
    said, waits, *missing = lantern("publish", new_document(home)).output.splitlines()
    assert said == "draft.toml is version 2 of its school's policy."
    assert "version 2 waits, and is not in force" in waits
    assert len([each for each in missing if "is not recorded" in each]) == 2
    assert "Version 1" in lantern("statement", "LANG").output


def test_publish_keeps_how_students_were_told_and_names_what_is_missing(home: Path) -> None:
    file = new_document(home)
    told = "email: the school office, to all students, 2025-10-01"
    done = lantern("publish", file, "--told", told)
    assert done.exit_code == 0, done.output
    assert "is version 2" in done.output
    assert "Note: where and when students were told by student handbook is not rec" in done.output
    assert "told by email" not in done.output

    done = lantern("publish", file, "--told", "student handbook: page 12, 2025-09-30")
    assert done.output == "draft.toml is version 2 of its school's policy.\n"
    said = lantern("statement", "LANG").output
    assert "- Student handbook: page 12 (30 September 2025)\n" in said
    assert "- Email: the school office, to all students (1 October 2025)\n" in said


@pytest.mark.parametrize(
    "told", ["email", "rumour: in the bar, 2025-10-01", "email: x, 2025-10-01"]
)
def test_publish_takes_no_evidence_that_is_none(home: Path, told: str) -> None:
    done = lantern("publish", new_document(home), "--told", told)
    assert done.exit_code == 1
    assert "Version 1" in lantern("statement", "LANG").output, "nothing was published"


def test_publish_asks_at_a_terminal(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty answer leaves one way of telling students for later."""
    monkeypatch.setattr("worker.cli.policies.at_a_terminal", lambda: True)
    typed = "page 12 of the handbook\n2025-09-30\n\n"
    done = CliRunner().invoke(app, ["policy", "publish", new_document(home)], input=typed)
    assert done.exit_code == 0, done.output
    assert "student handbook: where do students read it, or who told them?" in done.output
    assert "told by email is not recorded" in done.output
    assert "version 2 waits" in done.output
    assert "Version 1" in lantern("statement", "LANG").output


def test_new_writes_a_document_whose_check_names_what_only_the_school_knows(tmp_path: Path) -> None:
    begun = lantern("new", "LANG")
    assert begun.exit_code == 0, begun.output
    assert begun.stderr.endswith("then run: lantern policy check FILE\n")
    missing = lantern("check", document(tmp_path, begun.stdout))
    assert missing.exit_code != 0
    assert "outreach.mailbox is still to be filled in" in str(missing.exception)
    whole = begun.stdout
    for key, value in (
        ("approved_by", '"Head of School"'),
        ("effective", "2025-09-01"),
        ("published", '["handbook", "email"]'),
        ("mailbox", '"support@languages.example.ac.uk"'),
        ("sources", '["a-source"]'),
    ):
        whole = re.sub(rf"^{key} = .*$", f"{key} = {value}", whole, flags=re.MULTILINE)
    done = lantern("check", document(tmp_path, whole))
    assert done.output == "draft.toml is a policy for LANG, effective 2025-09-01.\n"


CLOSED = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Invented//EN\r\n"
    "BEGIN:VEVENT\r\nUID:1@uni.example\r\nDTSTART;VALUE=DATE:20601224\r\n"
    'DTEND;VALUE=DATE:20610102\r\nSUMMARY:Winter "closure"\r\nEND:VEVENT\r\n'
    "BEGIN:VEVENT\r\nUID:2@uni.example\r\nDTSTART;VALUE=DATE:20600802\r\n"
    "STATUS:CANCELLED\r\nSUMMARY:Fair\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def with_calendar(line: str) -> str:
    """Return a document to publish, with this line in its calendar."""
    text = re.sub(r"(?m)^(terms|closures) = .*\n", "", policy_document(views_needed=2))
    return re.sub(r"\[calendar\]\n", "", text) + f"\n[calendar]\n{line}\n"


def test_closures_out_of_a_calendar_file_are_frozen_into_the_published_version(home: Path) -> None:
    file = new_document(home, with_calendar('closures = "closures.ics"  # from the registry'))
    missing = lantern("check", file)
    assert "closures.ics: there is no such file" in str(missing.exception)
    (home / "closures.ics").write_text(CLOSED, encoding="utf-8", newline="")
    checked = lantern("check", file)
    assert checked.exit_code == 0, checked.exception
    said = "closures.ics: 1 closure, 24 December 2060 to 1 January 2061; 1 cancelled event left out"
    assert said in checked.output
    assert "2060" in lantern("diff", file).output
    assert (
        'Winter "closure" (24 December to 1 January)'
        in lantern("statement", "LANG", "--file", file).output
    )
    assert lantern("publish", file, "--told", "handbook: page 12, 2025-08-30").exit_code == 0
    (home / "closures.ics").unlink()
    (text,) = newest_documents(home)
    assert policy.load(text, "published").calendar.closures == (
        Period('Winter "closure"', dt.date(2060, 12, 24), dt.date(2061, 1, 1)),
    )
    digest = hashlib.sha256(CLOSED.encode()).hexdigest()
    assert f"# from closures.ics, SHA-256 {digest}\n" in text
    assert text.count("\n") == Path(file).read_text().count("\n"), "problems name the same lines"


def test_what_a_calendar_file_cannot_say_is_a_sentence(home: Path) -> None:
    repeats = CLOSED.replace("SUMMARY:W", "RRULE:FREQ=YEARLY\r\nSUMMARY:W")
    (home / "closures.ics").write_text(repeats, encoding="utf-8", newline="")
    for line, sentence in {
        'closures = "closures.ics"': '"Winter "closure"" of 24 December 2060 repeats',
        'terms = "draft.toml"': "draft.toml is not an iCalendar file",
        'terms = "."': "cannot be read",
        "closures = 3": "calendar.closures is 3; allowed is a list",
    }.items():
        done = lantern("check", new_document(home, with_calendar(line)))
        assert done.exit_code
        assert sentence in str(done.exception), line


def newest_documents(home: Path) -> list[str]:
    """Return the text of Languages' newest version."""
    with sqlite3.connect(home / "home" / "lantern.db") as connection:
        return [
            text
            for (text,) in connection.execute(
                "SELECT document FROM policies WHERE document LIKE '%school = \"LANG\"%' "
                "ORDER BY version DESC LIMIT 1"
            )
        ]
