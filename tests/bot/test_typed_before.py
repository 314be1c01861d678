"""What opens can be sent: every typed command on a case, in every state, by every colleague.

A dialog whose answer is certain to be refused is refused before it opens, with what is missing.
Each state tries one command in five, or all with ``--exhaustive``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cards.kit.model import Dialog, InputKind, Select
from bot.commands.table import COMMANDS
from store.tables import audit, interactions
from tests.bot.case_states import STATES
from tests.bot.test_desk_buttons import Presses, as_it_was
from tests.worker.office import Office, words

ON_A_CASE = sorted(row.name for row in COMMANDS.rows() if row.takes_case)
COLLEAGUES = ("alice", "sana", "lena")
WORDS = "We spoke about the field trip"
DAYS = {"until": "in 2 weeks", "last": "in 2 weeks", "first": "today", "on": ""}


def filled(dialog: Dialog) -> dict[str, str]:
    """Return valid answers for all fields of a dialog."""
    answers = {}
    for field in dialog.fields():
        if isinstance(field, Select):
            answers[field.name] = field.chosen or (field.options[0].value if field.options else "")
        elif field.name in DAYS or field.kind is InputKind.DATE:
            answers[field.name] = DAYS.get(field.name, "") if field.required else ""
        else:
            is_asked = field.required or field.kind is InputKind.PARAGRAPH
            answers[field.name] = field.value or (WORDS if is_asked else "")
    return answers


def refused(office: Office, name: str, command: str) -> tuple[bool, str]:
    """Type a command and send the dialog that it opens, with valid answers.

    Returns whether a dialog with a submit button opened, and the refusal on sending it. The refusal
    is '' if it is accepted, at once or after one question.
    """
    dialog = office.types(name, f"{command} LANG-1").dialog
    if dialog is None or dialog.submit is None:
        return False, ""
    said = ""
    for key in ("sent", "sent again"):
        reply = office.submits(name, dialog, key=key, **filled(dialog))
        if office.world.rows(interactions, key=key):
            return True, ""
        said = " ".join([*reply.errors.values(), *([words(reply.card)] if reply.card else [])])
        if "Send it again" not in said:
            break
    return True, said


@pytest.mark.parametrize("state", STATES)
def test_what_a_typed_line_opens_can_be_sent(tmp_path: Path, state: str, exhaustive: bool) -> None:
    in_vain = []
    tried = ON_A_CASE if exhaustive else ON_A_CASE[list(STATES).index(state) % 5 :: 5]
    with Presses(tmp_path, state).office() as (office, _), as_it_was(office) as put_back:
        for command in tried:
            for name in COLLEAGUES:
                opened, said = refused(office, name, command)
                if said:
                    in_vain.append(f"{command} of {name}: {said}")
                if opened:
                    put_back()
    assert in_vain == []


@pytest.mark.parametrize("state", ["draft_without_a_view", "two_views_needed"])
def test_the_email_is_not_shown_to_one_who_cannot_approve_it(tmp_path: Path, state: str) -> None:
    """The command says what is missing instead, and reveals nothing."""
    with Presses(tmp_path, state).office() as (office, case):
        for name in ("alice", "sana", "lena"):
            answer = office.types(name, "approve LANG-1")
            assert answer.dialog is None
            needs = r"LANG-1: Needs 1 view, not from .*you, before the email can be approved\."
            assert re.search(needs, words(answer.card))
        assert office.world.rows(audit, action="open-draft", subject=f"case:{case}") == []
