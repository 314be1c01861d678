"""A roster that takes access says what nobody does any more, and asks before the last one goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.rules.errors import InvalidInput
from tests.people import LANGUAGES
from tests.worker.erasures import joins
from tests.worker.office import office_in
from worker.cli.privacy import request_of
from worker.jobs.schools.ingest import ingest_roster

HEAD = "email,name,roles,active"
OTHERS = (
    "alice@example.ac.uk,Alice Adviser,LANG:adviser,yes",
    "bob@example.ac.uk,Bob Brown,LANG:module-organiser,yes",
    "max@example.ac.uk,Max Moor,MATH:engagement-lead,yes",
    "charlie@example.ac.uk,Charlie Clark,MATH:adviser,yes",
    "lena@example.ac.uk,Lena Lead,LANG:engagement-lead,{lead}",
    "sana@example.ac.uk,Sana Support,LANG:student-support-officer,{officer}",
)
PRIYA = "priya@example.ac.uk,Priya Privacy,LANG:data-protection-officer,{officer}"


def test_whoever_loses_access_is_counted_and_what_is_missing_is_said(tmp_path: Path) -> None:
    with office_in(tmp_path / "home") as office:
        joins(office, "priya", LANGUAGES)
        assert office.clicks("sana", "take", case=office.world.open_case()) is not None
        folder = tmp_path / "roster"
        folder.mkdir()

        def load(*rows: str, active: str = "yes") -> tuple[str, ...]:
            text = "\n".join((HEAD, *rows)).format(lead=active, officer=active)
            (folder / "staff.csv").write_text(text, encoding="utf-8")
            return ingest_roster(office.services, folder, complete=True).notes

        assert load(*OTHERS, PRIYA) == ()
        with pytest.raises(InvalidInput, match="the last data protection officer among them"):
            load(*OTHERS)
        with pytest.raises(InvalidInput, match=r"Correct it, or load it") as wrong:
            load(*OTHERS, PRIYA, "kim@example.ac.uk,Kim,LANG:juggler,yes")
        assert "more" not in str(wrong.value)
        assert load(*OTHERS, PRIYA, active="no") == (
            "LANG: roles were taken from 1 student support officer, 1 engagement lead and 1 data "
            "protection officer.",
            "LANG has no engagement lead any more. Name one in staff.csv, and load it.",
            "LANG has no data protection officer any more. Name one in staff.csv, and load it.",
            "LANG: the owner of 1 open case has no access now. Choose another: /lantern assign, or "
            "Take on the card.",
        )
        with pytest.raises(InvalidInput, match="is inactive in the roster"):
            request_of(office.services.store, "priya@example.ac.uk")
        assert load(*OTHERS, PRIYA, active="no") == (), "said once"
