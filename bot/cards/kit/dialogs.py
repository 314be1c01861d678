"""Make the dialog of a command that acts on one case, or for one school."""

from __future__ import annotations

from bot.cards.kit.model import Dialog, DialogBlock
from store.queries.cases.records import CaseView
from store.queries.schools.staff import School


def case_ids(view: CaseView) -> dict[str, str]:
    """Return the ids that every button and dialog of a case carries."""
    return {"case": str(view.case.id), "version": str(view.case.version)}


def case_dialog(
    view: CaseView,
    command: str,
    *,
    title: str,
    blocks: tuple[DialogBlock, ...],
    submit: str | None = None,
) -> Dialog:
    """Make the dialog in which this command on the case is filled in."""
    return Dialog(command, title, command, blocks, case_ids(view), submit)


def school_dialog(
    school: School, command: str, *, title: str, blocks: tuple[DialogBlock, ...], submit: str
) -> Dialog:
    """Make the dialog in which this command for the school is filled in."""
    return Dialog(command, title, command, blocks, {"school": str(school.id)}, submit)
