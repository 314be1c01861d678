"""show, take, assign, close: view a case, change its owner, or close it."""

from __future__ import annotations

from bot.cards.cases.actions import ALL
from bot.cards.cases.death_dialogs import shown_after_death
from bot.cards.cases.dialogs import assign_dialog, close_dialog, take_dialog
from bot.cards.cases.show import actions_dialog, show_dialog
from bot.cards.kit.model import Dialog, Text
from bot.cards.kit.reply_cards import notice
from bot.commands.form_values import page_meant, read_choice
from bot.commands.staff_names import the_one
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from bot.posting.channel_card import card_of, own_card
from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import log_access as reading
from store.actions.cases.log_access import Shown
from store.policies.versions import school_policy
from store.queries.cases.owner_suggestions import candidates, suggestion
from store.queries.cases.thread_context import remarks_on
from store.rules.access.death import Death, may_decide
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import Help, Outcome, Usefulness

JUST_DONE = "said"
"""An id that only the dispatcher sets: the sentence on what has just been done in the window."""


@COMMANDS.add("show", "Open a case privately, with what has been done.", "show LANG-12", Action.SEE)
def show(call: Call) -> Reply:
    """Show the whole case, a page at a time: ``LANG-12``, ``LANG-12 2``."""
    case, page = call.case_id(), page_meant(call, call.words()[1:])
    if ALL in call.interaction.ids and (card := own_card(call.store, call.actor, case)):
        return Reply(dialog=actions_dialog(card, case))
    with reading.showing(call.store, call.request, case) as (connection, shown):
        view = shown.view
        if view.death is not None:
            return Reply(dialog=_after_death(call, shown, view.death))
        now = call.store.now()
        policy = school_policy(connection, view.case.school, institution_day(now))
        remarks = remarks_on(connection, case)
        card = card_of(connection, view, now, call.store.limits, call.actor, is_whole=True)
    done = call.interaction.ids.get(JUST_DONE, "")
    return Reply(
        dialog=show_dialog(
            view,
            shown.private,
            policy.calendar,
            remarks,
            page,
            card=card,
            on_top=(Text(done),) if done else (),
        )
    )


def _after_death(call: Call, shown: Shown, death: Death) -> Dialog:
    school = shown.view.case.school
    return shown_after_death(
        shown.view,
        death,
        shown.private,
        may_undo=may(call.actor, Action.UNDO_DEATH, school),
        may_decide=may_decide(death, call.actor, school),
    )


@COMMANDS.add("take", "Become the owner of a case.", "take LANG-12", Action.TAKE)
def take(call: Call) -> Reply:
    """Make the person who asks the owner of a case."""
    case = call.case_id()
    if "ask" in call.interaction.ids and call.answers is None:
        return Reply(dialog=take_dialog(call.preview(case, Action.TAKE)))
    ownership.take_case(call.store, call.request, case, call.seen_version())
    return done(call, case, "is assigned to you.")


@COMMANDS.add("assign", "Assign a case to a colleague.", "assign LANG-12 Bob", Action.ASSIGN)
def assign(call: Call) -> Reply:
    """Make a colleague the owner of a case.

    Raises ``NotPossibleNow`` where no other colleague may own the case, and ``InvalidInput`` where
    the chosen person is not one of them.
    """
    case = call.case_id()
    about = call.check(case, Action.ASSIGN)
    with call.store.database.read() as connection:
        people = candidates(connection, about, institution_day(call.store.now()))
        suggested = suggestion(connection, about, people)
    named = " ".join(call.words()[1:]) if call.was_typed else ""
    if call.answers is None and not named:
        lifecycle.after(about, Move.WORK)
        if not {each.person for each in people} - {about.owner}:
            raise NotPossibleNow(f"{about.reference}: there is no other colleague who may own it.")
        return Reply(
            dialog=assign_dialog(
                call.preview(case, Action.ASSIGN),
                people,
                suggested,
            )
        )
    if call.answers is None:
        chosen = the_one(people, named)
    else:
        offered = {str(person.id): person for person in people}
        picked = call.answers.get("colleague", "")
        if picked not in offered:
            raise InvalidInput("Choose a colleague of this school.", field="colleague")
        chosen = offered[picked]
    ownership.assign_case(call.store, call.request, case, chosen.person)
    return done(call, case, f"is now assigned to {chosen.label}.")


@COMMANDS.add("close", "Close a case with an outcome.", "close LANG-12 meeting-held", Action.CLOSE)
def close(call: Call) -> Reply:
    """Close a case with an outcome.

    Raises ``InvalidInput`` where the case is closed already.
    """
    case = call.case_id()
    about = call.check(case, Action.CLOSE)
    if about.is_closed:
        raise InvalidInput(f"{about.reference} is already closed.")
    closing.check_no_complaint(about)
    typed = call.words()[1:] if call.was_typed else []
    if call.answers is None and not typed:
        seen = call.preview(case, Action.CLOSE)
        return Reply(dialog=close_dialog(seen))
    answers = call.answers
    if answers is None:
        answers = {"outcome": typed[0].casefold(), "note": " ".join(typed[1:])}
    unanswered = closing.close_case(
        call.store,
        call.request,
        case,
        read_choice(Outcome, answers, "outcome"),
        answers.get("note", ""),
        helped=read_choice(Help, answers, "helped") if answers.get("helped") else None,
        usefulness=read_choice(Usefulness, answers, "usefulness")
        if answers.get("usefulness")
        else None,
        asks=True,
    )
    if not call.wants_words:
        return Reply()
    owed = " Its student still needs an answer: /lantern said." if unanswered else ""
    return Reply(card=notice(f"{about.reference} is closed.{owed}"))


def done(call: Call, case: int, said: str, more: str = "") -> Reply:
    """Confirm a typed command in words; after a click, the card shows the effect.

    ``more`` is a second sentence. Where there is one, a click is confirmed in words as well.
    """
    if not call.wants_words and not more:
        return Reply()
    seen = call.check(case, Action.SEE)
    return Reply(card=notice(f"{seen.reference} {said}", more))
