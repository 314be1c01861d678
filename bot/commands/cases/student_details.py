"""reveal, history, note, refer: see a student's details, add a note, or refer to a service."""

from __future__ import annotations

from bot.cards.cases.death_dialogs import shown_after_death
from bot.cards.cases.show import show_dialog
from bot.cards.cases.student_details import (
    CONSENTED,
    history_dialog,
    note_dialog,
    refer_dialog,
    reveal_dialog,
)
from bot.cards.kit.reply_cards import notice
from bot.commands.cases.contact_ladder import before_a_view
from bot.commands.form_values import page_meant, read_choice
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import add_note as notes
from store.actions.cases import log_access as reading
from store.actions.cases import refer as referring
from store.policies.versions import school_policy
from store.queries.cases.thread_context import remarks_on
from store.rules.access.confidentiality import Readers, RevealPurpose
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.policies.policy import SchoolPolicy, Service


@COMMANDS.add(
    "reveal",
    "See the student's details, for a recorded purpose.",
    "reveal LANG-12 prepare-contact",
    Action.REVEAL,
)
def reveal(call: Call) -> Reply:
    """Show the student's name, contact details and answers, privately."""
    case = call.case_id()
    call.check(case, Action.REVEAL)
    typed = call.words()[1:] if call.was_typed else []
    turning = "page" in call.interaction.ids or typed[:1] == ["page"]
    shown = reading.read_on(call.store, call.request, case) if turning else None
    page = page_meant(call, typed[1:]) if turning else 1
    if shown is None:
        if call.answers is None and (turning or not typed):
            return Reply(dialog=reveal_dialog(call.preview(case, Action.REVEAL)))
        answers = (
            call.answers
            if call.answers is not None
            else {"purpose": typed[0].casefold(), "why": " ".join(typed[1:])}
        )
        purpose = read_choice(RevealPurpose, answers, "purpose")
        shown = reading.reveal_student(
            call.store, call.request, case, purpose, answers.get("why", "")
        )
    if shown.view.death is not None:
        return Reply(dialog=shown_after_death(shown.view, shown.view.death, shown.private))
    calendar = _policy(call, shown.view.case.school).calendar
    with call.store.database.read() as connection:
        said = remarks_on(connection, case)
    return Reply(dialog=show_dialog(shown.view, shown.private, calendar, said, page, "reveal"))


@COMMANDS.add("history", "See earlier cases of the same student.", "history LANG-12", Action.REVEAL)
def history(call: Call) -> Reply:
    """Show earlier cases, which are hidden until opened; the access log records it (§17)."""
    case = call.case_id()
    reference, earlier = reading.show_history(call.store, call.request, case)
    return Reply(dialog=history_dialog(case, reference, earlier))


@COMMANDS.add(
    "note", "Add a note to a case.", "note LANG-12 met in the corridor, is well", Action.NOTE
)
def note(call: Call) -> Reply:
    """Save a note for the readers that its author chooses.

    Raises ``InvalidInput`` where the case is closed.
    """
    case = call.case_id()
    about = call.check(case, Action.NOTE)
    if about.is_closed:
        raise InvalidInput(f"You cannot add to {about.reference} because it is closed.")
    typed = call.rest()
    if call.answers is None and not typed:
        return Reply(dialog=note_dialog(call.preview(case, Action.NOTE)))
    answers = (
        call.answers if call.answers is not None else {"readers": Readers.EVERYBODY, "note": typed}
    )
    readers = read_choice(Readers, answers, "readers")
    notes.add_note(call.store, call.request, case, answers.get("note", ""), readers)
    return _said(call, f"{about.reference}: the note is saved.")


@COMMANDS.add(
    "refer", "Refer a student to a service, or list the services.", "refer LANG-12", Action.REFER
)
def refer(call: Call) -> Reply:
    """List the school's services; ``LANG-12 wellbeing yes …`` records a referral at once.

    Raises ``InvalidInput`` where the line does not say whether the student agreed.
    """
    if call.was_typed and not call.words():
        return Reply(card=notice(_directory(call)))
    case = call.case_id()
    about = call.check(case, Action.REFER)
    services = _policy(call, about.school).services
    typed = call.words()[1:] if call.was_typed else []
    if call.answers is None and len(typed) < 2:
        referring.entry_meant(services, typed[0] if typed else _first(services))
        return Reply(dialog=refer_dialog(call.preview(case, Action.REFER), services))
    answers = (
        call.answers
        if call.answers is not None
        else {
            "service": typed[0],
            "consent": typed[1].casefold(),
            "note": " ".join(typed[2:]),
        }
    )
    if answers.get("consent") not in CONSENTED:
        raise InvalidInput("Did the student agree? Say yes or no.", field="consent")
    done = referring.refer_student(
        call.store,
        call.request,
        case,
        answers.get("service", ""),
        consented=answers["consent"] == "yes",
        note=answers.get("note", ""),
    )
    early = before_a_view(call, case)
    if done.consented:
        return _said(call, f"{done.reference} is referred to: {done.service.name}.", early)
    return Reply(
        card=notice(
            f"Recorded: you told the student of {done.reference} about {done.service.name}.",
            f"Without the student's consent nothing is passed on. {early}".rstrip(),
        )
    )


def _directory(call: Call) -> str:
    services: dict[str, Service] = {
        each.key: each
        for school in schools_where(call.actor, Action.REFER)
        for each in _policy(call, school).services
    }
    if not services:
        return "Your school's policy lists no services yet. Its engagement lead adds them."
    lines = [
        f"{key}: {each.name}, for {each.helps_with} ({each.contact})"
        for key, each in sorted(services.items())
    ]
    return "\n".join(lines)


def _first(services: tuple[Service, ...]) -> str:
    return services[0].key if services else ""


def _policy(call: Call, school: int) -> SchoolPolicy:
    with call.store.database.read() as connection:
        return school_policy(connection, school, institution_day(call.store.now()))


def _said(call: Call, sentence: str, more: str = "") -> Reply:
    return Reply(card=notice(sentence, more)) if call.wants_words or more else Reply()
