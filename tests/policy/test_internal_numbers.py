"""§10 and §28: people read references and student numbers, never a database number."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.table import COMMANDS
from tests.policy.acts import emailed
from tests.policy.numbers import INTERNAL
from tests.policy.people import GLAS, SILENT
from tests.policy.school import School
from tests.policy.test_par_10_cross_section import with_the_unmonitored


def _typed(school: School) -> Iterator[tuple[str, str]]:
    """Return the lead's answers to the example of every command, each on the next case."""
    edgar, known = school.person("edgar"), sorted(school.cards("edgar"))
    for n, row in enumerate(COMMANDS.rows()):
        line = (
            row.example.removeprefix("/lantern ")
            .replace("LANG-12", known[n % len(known)])
            .replace("LANG", GLAS)
            .replace("from 2026-10-01", "from 2026-10-26")  # a week shows the same as a month
        )
        yield line, edgar.types(line).text
    school.works(sweep=True)
    yield "a faculty's report", school.person("frida").types("report").text
    yield "what the lead alone was told", edgar.direct()
    yield "the channel", edgar.channel().text
    yield "audit", school.audit()


def _printed(school: School) -> Iterator[tuple[str, str]]:
    """Return what the command line prints about a day with a doubtful file."""
    file = school.home / "doubtful.csv"
    file.write_text(
        "student_number,module,family,kind,at,item,count,until\n"
        "G9999,GLA101,vle,done,2026-11-23T10:00,,1,\n"
        "G4001,NONE9,vle,done,2026-11-23T10:00,,1,\n"
        "G4001,GLA101,vle,done,2026-11-23T10:00,,1,\n",
        encoding="utf-8",
    )
    draft = school.home / "policies" / "glas.toml"
    for words in (
        ("ingest", file, "--source", "learning-space", "--dry-run"),
        ("ingest", "events", file, "--source", "learning-space"),
        ("feeds",),
        ("doctor",),
        ("backup", school.home / "kept"),
        ("policy", "simulate", draft, "--from", "2026-11-18", "--to", "2026-11-18"),
        ("policy", "statement", GLAS),
        ("outreach", "report"),
        ("letters", "preview", school.case_of(SILENT)),
        (
            "student",
            "erase",
            SILENT.number,
            "--officer",
            "petra@staff.example",
            "--why",
            "asked for",
        ),
        (
            "student",
            "preserve",
            SILENT.number,
            "--officer",
            "petra@staff.example",
            "--why",
            "complaint",
        ),
    ):
        yield " ".join(map(str, words)), school.lantern(*words).text


def _handed_out(school: School) -> Iterator[tuple[str, str]]:
    """Return every file given to a student who asks for their data, with a copy of the case where
    they complained."""
    reference = school.case_of(SILENT)
    school.person("dora").types(f'complaint {reference} alice "the tone of the message"')
    out = school.home / "handed-out"
    done = school.lantern(
        "student", "export", SILENT.number, "--officer", "petra@staff.example",
        "--why", "she asked for her data", "--to", out,
    )  # fmt: skip
    assert done.code == 0, done.text
    for file in sorted(each for each in out.rglob("*") if each.is_file()):
        yield file.name, file.read_text(encoding="utf-8")


def _read_by_the_student(school: School) -> Iterator[tuple[str, str]]:
    email = emailed(school, SILENT)
    yield "the email", email.text
    for path in email.links:
        yield path, school.tab().get(path).text
    shown = school.tab().press(email.links[-1], "see", "show", number=SILENT.number)
    yield "the student's own page", shown.text


def test_no_internal_number_stands_where_people_read(school: School) -> None:
    """A7: no such number on a card, in a message or letter, on a page or in the terminal."""
    with_the_unmonitored(school)
    walked = [
        *_read_by_the_student(school),
        *_handed_out(school),
        *_printed(school),
        *_typed(school),
    ]
    assert len(walked) > len(COMMANDS.rows()), "the walk is shorter than it was"
    found = {where: INTERNAL.findall(text) for where, text in walked if INTERNAL.search(text)}
    assert not found, found
