"""``lantern policy …`` as used at a command line."""

import re
from pathlib import Path

import pytest
import structlog

from store.actions.schools.record_ingest import Ingest, record_ingest
from tests.people import policy_document
from tests.store.policy_example import DOCUMENT
from tests.worker.office import office_in
from tests.worker.policy_lines import document, home, lantern, new_document, screened
from tests.worker.test_screening import DAY

__all__ = ["home", "screened"]


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
        assert "approval.effective" in str(refused.exception)
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
    """No screening had happened on those days."""
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


def test_neither_the_roster_nor_a_file_in_no_folder_is_taken_for_a_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first feed nothing is said; then only feeds are named as what was meant."""
    with office_in(tmp_path / "home") as office:
        for source in ("roster", "feeds"):
            record_ingest(office.world.store, Ingest(source, "file.csv", "0" * 64, 1, 0))
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "home"))
    sources = 'sources = ["registers", "feed"]'
    named = new_document(tmp_path, re.sub(r"sources = \[.*?\]", sources, DOCUMENT, count=1))
    assert "no file has arrived" not in lantern("check", named).output
    (tmp_path / "home" / "feeds" / "moodle").mkdir(parents=True)
    said = lantern("check", named).output
    structlog.reset_defaults()
    assert 'markers has the source "registers", of which no file has arrived' in said
    assert "Lantern knows" not in said
