"""A whole case in a Teams chat alone: view, draft, approve, sent, answered, closed.

Only the worker and the student act elsewhere: the email is sent, and the answer arrives in the
mailbox.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.policy.acts import VIEW
from tests.policy.emails import Email
from tests.policy.people import SILENT
from tests.policy.school import copy_of, open_school
from tests.policy.teams import Json, Teams, teams_in

WORDS = "Thank you for asking. I was at my sister's wedding and am back now."


def _opened(teams: Teams, name: str, line: str) -> Json:
    """Type a line whose dialog opens with the button that the chat then shows."""
    teams.types(name, line)
    return teams.opens(name, line.split(maxsplit=1)[0])


def _text(shown: Json) -> str:
    return json.dumps(shown, ensure_ascii=False)


def _works(home: Path) -> list[Email]:
    """Do the worker's due jobs; return the emails sent to the student."""
    with open_school(home) as school:
        school.works(sweep=True)
        return school.emails(SILENT)


def _answered(home: Path) -> str:
    """Answer as the student; return the text of the case's card afterwards."""
    with open_school(home) as school:
        school.answers(school.emails(SILENT)[-1], WORDS)
        return school.person("edgar").card(school.case_of(SILENT)).text


def test_a_case_is_worked_on_from_its_first_view_to_its_end(prepared: Path, tmp_path: Path) -> None:
    """§13, §14, §3, §11: view, draft, approval, answer and outcome, all in Teams."""
    home = copy_of(prepared, tmp_path / "home")
    with open_school(home) as school:
        reference = school.case_of(SILENT)
    with teams_in(home) as teams:
        evidence = _text(_opened(teams, "dora", f"show {reference}"))
        assert "Not seen since Friday 6 November" in evidence
        assert SILENT.family not in evidence

        asked = _opened(teams, "dora", f"view {reference}")
        refused = _text(teams.sends("dora", asked, opinion="contact-now", reason="👍 👍 👍"))
        assert "at least 3 different ones" in refused
        asked = _opened(teams, "dora", f"view {reference}")
        teams.sends("dora", asked, opinion="contact-now", reason=VIEW)

        letter = _opened(teams, "alice", f"draft {reference}")
        assert "How are things going, Sorrel?" in _text(letter)
        teams.sends("alice", letter)
        assert not _works(home), "an email left before a colleague approved it"

        read = _opened(teams, "bob", f"approve {reference}")
        assert "We have not seen you since Friday 6 November." in _text(read), "approved unread"
        teams.sends("bob", read)
        (email,) = _works(home)
        assert email.to == SILENT.university_email

        assert "Student answered" in _answered(home)
        shown = _opened(teams, "otto", f"show {reference}")
        assert "sister's wedding" not in _text(shown), "an answer is read for a purpose"
        purpose = _opened(teams, "otto", f"reveal {reference}")
        assert "sister's wedding" in _text(teams.sends("otto", purpose, purpose="answer-request"))

        closing = _opened(teams, "otto", f"close {reference}")
        teams.sends("otto", closing, outcome="circumstances-known", note="Back after a wedding")
        assert f"{reference} is closed" in teams.types("otto", f"draft {reference}")
    with open_school(home) as school:
        card = school.person("edgar").card(reference).text
        assert "Closed: circumstances known" in card
        told = school.audit()
        for name in ("Dora Dune", "Alice Amber", "Bob Beryl", "Otto Opal"):
            assert name in told, f"what {name} did in Teams is not in the audit"
