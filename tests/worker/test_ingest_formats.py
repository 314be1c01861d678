"""``lantern ingest FILE``, from the command line to the lake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from integrations.fault_sentences import fault_sentence
from integrations.feeds.formats.registry import FORMATS, ROSTERS
from store.db.database import Database
from store.queries.students.identifiers import identifiers_by_system
from tests.integrations.formats.reading import MAP, write
from worker.cli.main import app

MOODLE = next(each for each in FORMATS if each.key == "moodle").example
REGISTER = """Student ID;Module;Event ID;Date;Mark
26001000;M1;E1;16/10/2026;/
26001001;M1;E1;16/10/2026;O
26001000;M1;E2;17/10/2026;Z
"""


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, its output, and its last sentence."""

    returncode: int
    stdout: str
    stderr: str


def lantern(home: Path, *arguments: str) -> Done:
    """Run a command in this process, and check that it raises no unforeseen error."""
    result = CliRunner(env={"LANTERN_HOME": str(home)}).invoke(app, arguments)
    sentence = ""
    if result.exception and not isinstance(result.exception, SystemExit):
        sentence = fault_sentence(result.exception) or ""
        assert sentence, repr(result.exception)
    return Done(result.exit_code, result.stdout, sentence + result.stderr)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home with a school, its module M1 and two students."""
    roster = tmp_path / "roster"
    roster.mkdir()
    for name, text in {
        "schools": "code,name\nSCI,Science\n",
        "staff": "email,name,roles\nstaff@uni.example,Alice Example,SCI:adviser\n",
        "modules": "code,title,school\nM1,Invented,SCI\n",
        "students": "number,given_name,family_name,level,programme,home_school,university_email\n"
        "26001000,Ada,Example,undergraduate,BSc,SCI,u1000@student.uni.example\n"
        "26001001,Bea,Example,undergraduate,BSc,SCI,u1001@student.uni.example\n",
        "enrolments": "number,module,starts\n26001000,M1,2026-09-01\n26001001,M1,2026-09-01\n",
        "identifiers": MAP,
    }.items():
        (roster / f"{name}.csv").write_text(text)
    done = lantern(tmp_path / "home", "ingest", "roster", str(roster))
    assert done.returncode == 0, done.stderr
    return tmp_path / "home"


def _rows(home: Path) -> list[tuple[object, ...]]:
    files = sorted(str(path) for path in home.rglob("activity/*/*.parquet"))
    return [row for path in files for row in duckdb.read_parquet(path).fetchall()]


def _identifiers(home: Path) -> list[tuple[str, str, str]]:
    with Database(f"sqlite:///{home / 'lantern.db'}").read() as connection:
        found = identifiers_by_system(connection, dt.date(2026, 10, 16))
    return [(number, system, value) for system, value, number in found]


def test_a_file_is_named_and_loaded_by_the_map_of_the_roster(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(MOODLE)
    done = lantern(home, "ingest", str(file), "--source", "moodle", "--dates", "day-first")
    assert done.returncode == 0, done.stderr
    assert "Moodle log report" in done.stdout
    assert "1 row left aside: staff, not a student." in done.stdout
    assert {row[2:4] for row in _rows(home)} == {("vle", None), ("submissions", "moodle-31")}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "--source"),
        (("--source", "moodle"), "--dates"),
        (("--source", "moodle", "--dates", "sometimes"), "day-first"),
        (("--source", "moodle", "--dates", "month-first", "--zone", "Mars"), "time zone"),
        (("--dry-run", "--from", "0001-01-01", "--to", "9999-12-31"), "1830 days at most"),
        (("--dry-run", "--school", "MARS"), "no school MARS"),
    ],
)
def test_what_is_not_declared_is_asked_for_in_words(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "log.csv"
    file.write_text(MOODLE)
    done = lantern(home, "ingest", str(file), *arguments)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert _rows(home) == []


def test_a_dry_run_tells_everything_and_loads_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(MOODLE.replace("4100", "5555"))
    days = ("--from", "2025-10-06", "--to", "2025-10-10")
    of = ("--dates", "day-first", *days, "--complete", "--school", "SCI")
    done = lantern(home, "ingest", "--dry-run", str(file), *of)
    assert done.returncode == 0, done.stderr
    assert "cover Monday 6 October to Friday 10 October." in done.stdout
    assert "recorded for its days. It would cover SCI." in done.stdout
    assert "Would be refused: 2 rows" in done.stdout
    assert "line 2: the person is not on the roster" in done.stdout
    assert "Ada" not in done.stdout
    assert _rows(home) == []


def test_a_register_is_mapped_confirmed_and_loaded(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text(REGISTER)
    refused = lantern(home, "ingest", str(file), "--source", "register")
    assert "--map" in refused.stderr
    assert lantern(home, "ingest", str(file), "--map").returncode == 0
    draft = home / "mappings" / "register.toml"
    draft.write_text(
        draft.read_text()
        .replace("confirmed = false", "confirmed = true")
        .replace('"Z" = "?"', '"Z" = "not-taken"')
    )
    done = lantern(home, "ingest", str(file), "--source", "register")
    assert done.returncode == 0, done.stderr
    assert sorted(row[2:] for row in _rows(home)) == [
        ("attendance", "E1", 1, 0),
        ("attendance", "E1", 1, 1),
    ]


def test_rows_of_no_module_count_once_the_map_knows_their_students(
    home: Path, tmp_path: Path
) -> None:
    """Until then the students are unknown; what is wrong in itself never counts."""
    file, log = tmp_path / "log.csv", MOODLE.replace("'4100'", "'7100'")
    file.write_text(log + log.splitlines()[1].replace("5/10/26", "31/02/26") + "\n")
    options = ("--source", "moodle", "--dates", "day-first")
    assert "0 rows in, 3 left out" in lantern(home, "ingest", str(file), *options).stdout
    assert _rows(home) == []
    (tmp_path / "map.csv").write_text("number,system,value\n26001000,moodle,7100\n")
    done = lantern(home, "ingest", str(tmp_path / "map.csv"))
    assert done.returncode == 0, done.stderr
    assert {row[1:4] for row in _rows(home)} == {
        ("M1", "vle", None),
        ("M1", "submissions", "moodle-31"),
    }


def test_every_format_is_listed_with_what_it_was_tried_on(tmp_path: Path) -> None:
    listed = lantern(tmp_path, "formats").stdout
    for each in (*FORMATS, *ROSTERS):
        assert f"{each.key}: {each.name}" in listed
        assert f"tried on {each.tried}" in listed
    assert "SITS: neither a specification nor a sample could be had" in listed
    assert listed.count("  tried on") == len(FORMATS) + len(ROSTERS)
    own = lantern(tmp_path, "formats", "students").stdout
    assert "level (needed): one of foundation, undergraduate, postgraduate-taught, mres" in own
    assert "personal_email (optional): an email address." in own
    assert "\n== students.csv\nnumber,given_name," in own
    assert "Course viewed" in lantern(tmp_path, "formats", "moodle").stdout
    assert "Known are" in lantern(tmp_path, "formats", "pigeon").stderr


def test_an_archive_of_oneroster_is_loaded_as_a_roster(home: Path, tmp_path: Path) -> None:
    example = next(each for each in ROSTERS if each.key == "oneroster").example
    folder = write(tmp_path / "archive", example.replace("26001000", "26001002"))
    assert "--level" in lantern(home, "ingest", str(folder), "--dry-run").stdout
    done = lantern(home, "ingest", str(folder), "--level", "undergraduate")
    assert done.returncode == 3, done.stderr
    assert "The other rows were loaded. Correct these and load them again." in done.stderr
    assert "enrollments.csv, line 3: the class is in no file" in done.stdout
    assert "Invented0!" not in done.stdout
    for path in home.rglob("*.db*"):
        assert b"Invented0!" not in path.read_bytes()


def test_the_tables_of_udd_are_loaded_with_the_map_they_bring(home: Path, tmp_path: Path) -> None:
    example = next(each for each in FORMATS if each.key == "udd").example
    folder = write(
        tmp_path / "udd",
        f"{example}== studentidmap.csv\nSTUDENT_ID,DOMAIN,IDENTIFIER\n26001001,moodle,77\n",
    )
    done = lantern(home, "ingest", str(folder), "--source", "timetable")
    assert done.returncode == 0, done.stderr
    assert sorted(row[2:] for row in _rows(home)) == [
        ("attendance", "E1", 1, 0),
        ("submissions", "A1", 0, 1),
        ("submissions", "A1", 1, 0),
    ]
    assert ("26001001", "moodle", "77") in _identifiers(home)


def test_a_map_of_identifiers_is_a_file_as_any_other(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "who.csv"
    file.write_text("number,system,value,to\n26001001,moodle,4555,2027-08-31\n")
    done = lantern(home, "ingest", str(file))
    assert done.returncode == 0, done.stderr
    assert ("26001001", "moodle", "4555") in _identifiers(home)


def test_a_row_of_a_map_that_is_wrong_says_why(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "who.csv"
    file.write_text("number,kind,value\n26001001,badge,4555\n26009999,username,gone\n")
    done = lantern(home, "ingest", str(file))
    assert "line 2: kind: allowed are student-number" in done.stdout
    assert "line 3: number is not on the roster" in done.stdout


LOST = """student_number,module,family,kind,at
26001000,M1,vle,done,2026-10-15
{},M1,vle,done,2026-10-15
"""


def _unknown(home: Path, source: str) -> list[str]:
    """Return what the refused rows of a source's deliveries leave unknown."""
    found = sorted((home / "lake" / "deliveries" / source).glob("*/refused.json"))
    return [path.read_text() for path in found]


@pytest.mark.parametrize("number", ["2.6001001E+07", "99999999"])
def test_a_refused_row_leaves_the_same_unknown_in_every_format(
    home: Path, tmp_path: Path, number: str
) -> None:
    """An unreadable row does not mean absence, whatever the encoding of its file."""
    text = LOST.format(number)
    for source, raw in (("plain", text.encode()), ("wide", text.encode("utf-16"))):
        file = tmp_path / f"{source}.csv"
        file.write_bytes(raw)
        done = lantern(home, "ingest", str(file), "--source", source)
        assert "1 row in, 1 day, 1 left out" in done.stdout
    (plain,), (wide,) = _unknown(home, "plain"), _unknown(home, "wide")
    assert plain == wide


def test_what_an_unknown_person_did_counts_once_the_map_knows_them(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    file.write_text(
        "Time,User full name,Event context,Component,Event name,Description\n"
        + "".join(
            f'"15/10/26, 09:0{n}",-,x,System,Course viewed,'
            f"\"The user with id '{who}' viewed the course with id '7'.\"\n"
            for n, who in enumerate((4100, 4100, 9999))
        )
    )
    options = ("--source", "vle", "--dates", "day-first", "--module", "M1")
    done = lantern(home, "ingest", str(file), *options)
    assert "2 rows in, 1 day, 1 left out" in done.stdout, done.stdout + done.stderr
    (names,) = tmp_path.glob("roster/identifiers.csv")
    names.write_text(names.read_text() + "26001001,moodle,9999\n")
    assert lantern(home, "ingest", "roster", str(names.parent)).returncode == 0
    assert sorted(str(row[-1]) for row in _rows(home)) == ["1", "2"]
    assert _unknown(home, "vle") == []


def test_a_mark_that_is_not_understood_leaves_that_student_alone_unknown(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "register.csv"
    file.write_text(REGISTER)
    lantern(home, "ingest", str(file), "--map")
    (draft,) = (home / "mappings").glob("*.toml")
    text = draft.read_text().replace("confirmed = false", "confirmed = true")
    draft.write_text(
        "".join(f"{line}\n" for line in text.splitlines() if '"z"' not in line.lower())
    )
    done = lantern(home, "ingest", str(file), "--source", "register")
    assert "1 left out" in done.stdout, done.stdout + done.stderr
    assert _unknown(home, "register") == ['{"strangers": {}, "students": {"": [1]}}']
