"""``lantern policy …`` as a person at a command line meets it."""

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from store.policies import document as policy
from store.rules.calendar import Period, institution_day
from tests.people import policy_document
from tests.policy.school import copy_of
from tests.store.policy_example import DOCUMENT
from tests.worker.office import office_in
from tests.worker.test_screening import DAY, screen, write_feed
from worker.cli.main import app


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two schools whose policies are in force, after a night; each test has a copy."""
    made = tmp_path_factory.mktemp("screened") / "home"
    with office_in(made) as office:
        write_feed(office.services.settings.home)
        screen(office)
    return made


@pytest.fixture
def home(screened: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    copy_of(screened, tmp_path / "home")
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "home"))
    yield tmp_path
    # A command logs to what it took for standard error, which is closed after the test.
    structlog.reset_defaults()


def lantern(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


def document(folder: Path, text: str = "") -> str:
    file = folder / "draft.toml"
    file.write_text(text or policy_document(views_needed=2), encoding="utf-8")
    return str(file)


def new_document(folder: Path, text: str = "") -> str:
    """The same, from today on: a new version cannot begin earlier."""
    today = institution_day(dt.datetime.now(dt.UTC))
    text = text or policy_document(views_needed=2)
    return document(folder, re.sub(r"effective = \S+", f"effective = {today}", text))


def test_check_says_what_the_document_is_for(home: Path) -> None:
    done = lantern("check", new_document(home))
    assert done.output.startswith("draft.toml is a policy for LANG, effective 20")
    assert done.output.count("\n") == 1


def test_no_version_begins_before_it_is_published_or_students_are_told(home: Path) -> None:
    """§21, §22: version 1 raised flags on those days, before students were told of version 2."""
    backdated = document(home)
    said = "approval.effective is 2025-09-01"
    checked = lantern("check", backdated)
    assert checked.exit_code == 0, "the rest of the document is right"
    assert f"Before you publish it: {said}, which is before today" in checked.output
    for told in (
        [],
        ["--told", "handbook: page 12, 2025-08-30", "--told", "email: all, 2025-10-01"],
    ):
        refused = lantern("publish", backdated, *told)
        assert refused.exit_code == 1
        assert refused.exception is not None
        assert said in str(refused.exception)
        assert "or a later day" in str(refused.exception)
    assert "Version 1" in lantern("statement", "LANG").output, "nothing was published"
    no_place = lantern("publish", new_document(home), "--told", "handbook: p 1, 2025-10-01")
    assert "handbook: say where" in str(no_place.exception), "the route is named"
    stored = document(home, policy_document())
    again = lantern("publish", stored, "--told", "handbook: page 1, 2025-10-01")
    assert "version 1" in again.output, "evidence of a version that is stored already is taken"


def test_the_first_version_may_begin_before_any_screening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was decided on those days."""
    with office_in(tmp_path / "home"):
        pass
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "home"))
    published = lantern("publish", document(tmp_path))
    structlog.reset_defaults()
    assert published.exit_code == 0, published.output


def test_diff_says_each_change_in_a_sentence(home: Path) -> None:
    done = lantern("diff", document(home))
    assert done.exit_code == 0, done.output
    assert done.output == (
        "draft.toml against version 1 of LANG:\n  views_needed was 1; it becomes 2.\n"
    )


def test_diff_of_the_version_in_force_itself_says_so(home: Path) -> None:
    assert "Nothing changes." in lantern("diff", document(home, policy_document())).output


@pytest.mark.usefixtures("home")
def test_statement_is_written_for_students() -> None:
    done = lantern("statement", "LANG")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("# Taking part in your studies: School of Languages\n")
    assert "Version 1, in force from 1 September 2025." in done.output


def test_statement_is_a_page_too_and_can_be_of_a_draft(home: Path) -> None:
    out = home / "statement.html"
    done = lantern("statement", "LANG", "--html", "--file", document(home), "--out", str(out))
    assert done.exit_code == 0, done.output
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "A draft, in force from" in page


def test_statement_needs_a_school_that_is_there(home: Path) -> None:
    done = lantern("statement", "NOWHERE")
    assert str(done.exception) == "There is no school NOWHERE. The roster has: LANG, MATH."
    done = lantern("statement", "MATH", "--file", document(home))
    assert str(done.exception) == "That document is for LANG, not for MATH."


def test_simulate_prints_one_screen(home: Path) -> None:
    done = lantern("simulate", document(home), "--from", "2025-10-10", "--to", DAY.isoformat())
    assert done.exit_code == 0, done.output
    assert "The draft for LANG, 2025-10-10 to 2025-10-22" in done.stdout
    assert "nothing was changed" in done.stdout


def test_publish_gives_the_version(home: Path) -> None:
    assert lantern("publish", new_document(home)).output == (
        "draft.toml is version 2 of its school's policy.\n"
    )


def test_a_module_that_the_roster_does_not_know_is_pointed_out(home: Path) -> None:
    override = '\n[[overrides]]\nmodule = "{}"\n[overrides.rules.attendance]\nbelow_share = 0.4\n'
    known, unknown = (DOCUMENT + override.format(code) for code in ("FR101", "FR1O1"))
    compared = lantern("diff", document(home, unknown)).output
    assert "Note: FR1O1 is not in the roster" in compared
    assert "Note" not in lantern("diff", document(home, known)).output
    published = lantern("publish", new_document(home, unknown)).output
    assert "draft.toml is version 2" in published
    assert "Note: FR1O1 is not in the roster" in published


def test_names_that_the_roster_does_not_know_are_said_in_check_and_at_publishing(
    home: Path,
) -> None:
    override = (
        '\n[[overrides]]\nmodule = "FR1O1"\n[overrides.rules.attendance]\nbelow_share = 0.4\n'
    )
    misspelt = DOCUMENT.replace('"R900"', '"MRes Nonsense", "r 100"') + override
    for command in ("check", "publish"):
        said = lantern(command, new_document(home, misspelt)).output
        assert 'scope.programmes_in has "MRes Nonsense", which is not a programme' in said
        assert "The roster has R100" in said
        assert "Note: FR1O1 is not in the roster" in said
        assert "The roster has FR101" in said


def test_a_source_that_no_feed_knows_is_pointed_out_with_the_nearest_name(home: Path) -> None:
    for name in ("attendance", "moodle", "registers"):
        (home / "home" / "feeds" / name).mkdir(parents=True, exist_ok=True)
    misspelt = re.sub(r"sources = \[.*?\]", 'sources = ["attendence"]', DOCUMENT, count=1)
    for command in ("check", "publish"):
        said = lantern(command, new_document(home, misspelt)).output
        assert 'Note: markers has the source "attendence"' in said
        assert "Lantern knows attendance." in said


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
    """An empty answer leaves a route for later."""
    monkeypatch.setattr("worker.cli.policies.at_a_terminal", lambda: True)
    typed = "page 12 of the handbook\n2025-09-30\n\n"
    done = CliRunner().invoke(app, ["policy", "publish", new_document(home)], input=typed)
    assert done.exit_code == 0, done.output
    assert "student handbook: where do students read it, or who told them?" in done.output
    assert "told by email is not recorded" in done.output
    assert "page 12 of the handbook (30 September 2025)" in lantern("statement", "LANG").output


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
    """A document to publish, with this in its calendar."""
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
        'terms = "draft.toml"': "draft.toml is no iCalendar file",
        'terms = "."': "cannot be read",
        "closures = 3": "calendar.closures is 3; allowed is a list",
    }.items():
        done = lantern("check", new_document(home, with_calendar(line)))
        assert done.exit_code
        assert sentence in str(done.exception), line


def newest_documents(home: Path) -> list[str]:
    """The text of the newest version of Languages."""
    with sqlite3.connect(home / "home" / "lantern.db") as connection:
        return [
            text
            for (text,) in connection.execute(
                "SELECT document FROM policies WHERE document LIKE '%school = \"LANG\"%' "
                "ORDER BY version DESC LIMIT 1"
            )
        ]
