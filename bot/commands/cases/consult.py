"""ask, welfare, review, draft-welfare, reject: the steps before an email is approved."""

from __future__ import annotations

from bot.cards.cases.ask_for_views import ask_dialog
from bot.cards.cases.reason_forms import reject_dialog, review_dialog, welfare_dialog
from bot.cards.kit.ids import LETTER
from bot.cards.kit.model import Dialog
from bot.cards.kit.reply_cards import notice
from bot.cards.outreach.draft import draft_dialog
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import ask_for_views as asking
from store.actions.cases import use_welfare_route as emergency
from store.actions.outreach import return_draft as returning
from store.actions.outreach import write_draft
from store.queries.cases.case import case_view
from store.queries.schools.staff import colleagues
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Actor
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import Purpose


@COMMANDS.add(
    "ask", "Ask colleagues privately for their view.", "ask LANG-12 Bob, Alice", Action.ASK
)
def ask(call: Call) -> Reply:
    """Ask colleagues privately for their view of a case.

    Raises ``NotPossibleNow`` where no other colleague of the school may give a view.
    """
    case = call.case_id()
    about = call.check(case, Action.ASK)
    with call.store.database.read() as connection:
        people = [
            each
            for each in colleagues(connection, about.school, Action.VIEW)
            if each.id not in {call.actor.id, *about.barred}
        ]
    if not people:
        raise NotPossibleNow("There is no other colleague in this school who may give a view.")
    if call.answers is None:
        typed = call.rest()
        if not typed:
            lifecycle.after(about, Move.WORK)
            return Reply(dialog=ask_dialog(call.preview(case, Action.ASK), people))
        chosen, question = _named(typed, people)
    else:
        picked, question = call.answers.get("colleague", ""), call.answers.get("question", "")
        chosen = [each.id for each in people if str(each.id) == picked]
    asking.ask_colleagues(call.store, call.request, case, chosen, question)
    return _said(call, f"{about.reference}: Lantern has asked them privately.")


@COMMANDS.add(
    "welfare",
    "Raise a concern that cannot wait.",
    "welfare LANG-12 she sounded unsafe",
    Action.EMERGENCY,
)
def welfare(call: Call) -> Reply:
    """Record an urgent welfare concern, which the engagement lead reviews afterwards."""
    case = call.case_id()
    why = _typed_or(call, "why")
    if not why and call.answers is None:
        about = call.check(case, Action.EMERGENCY)
        with call.store.database.read() as connection:
            emergency.check_welfare_route(connection, about)
        return Reply(dialog=welfare_dialog(call.preview(case, Action.EMERGENCY)))
    reference = emergency.use_welfare_route(call.store, call.request, case, why)
    return _said(
        call,
        f"{reference}: recorded, and the engagement lead is told. To email the student now: "
        f"/lantern draft-welfare {reference}",
    )


@COMMANDS.add(
    "review",
    "Review a use of the welfare route.",
    "review LANG-12 it was right to act",
    Action.REVIEW,
)
def review(call: Call) -> Reply:
    """Record the engagement lead's review of a use of the welfare route."""
    case = call.case_id()
    text = _typed_or(call, "review")
    if text or call.answers is not None:
        reference = emergency.review_welfare_route(call.store, call.request, case, text)
        return _said(call, f"{reference}: your review is recorded.")
    used = emergency.open_to_review(call.store, call.request, case)
    return Reply(
        dialog=review_dialog(
            call.preview(case, Action.REVIEW),
            used.used_by,
            used.why,
        )
    )


@COMMANDS.add(
    "draft-welfare", "Draft an email about welfare.", "draft-welfare LANG-12", Action.DRAFT
)
def draft_welfare(call: Call) -> Reply:
    """Draft an email by the welfare route, which needs no colleague's view."""
    case, about = call.case_id(), Purpose.WELFARE
    answers = call.answers
    if answers is None:
        return Reply(dialog=suggested(call, case, about))
    subject, body = answers.get("subject", ""), answers.get("body", "")
    write_draft.save_draft(
        call.store, call.request, case, subject, body, about, letter_chosen(call)
    )
    return Reply()


def suggested(call: Call, case: int, purpose: Purpose = Purpose.ENGAGEMENT) -> Dialog:
    """Open the dialog with the email that Lantern suggests, or with the draft."""
    day = institution_day(call.store.now())
    choice = letter_chosen(call)
    composing = write_draft.composing(call.store, call.request, case, purpose, choice)
    with composing as (connection, letter):
        return draft_dialog(case_view(connection, case, day, is_brief=True), letter, choice)


def letter_chosen(call: Call) -> int | None:
    """Return the number of the school's letter that was chosen by its name; None for none."""
    return call.id(LETTER) if LETTER in call.interaction.ids else None


@COMMANDS.add(
    "reject", "Send a draft back.", "reject LANG-12 please mention the extension", Action.REJECT
)
def reject(call: Call) -> Reply:
    """Return a draft to its author with a reason."""
    case = call.case_id()
    about = call.check(case, Action.REJECT)
    reason = _typed_or(call, "reason")
    if reason or call.answers is not None:
        returning.return_draft(call.store, call.request, case, reason)
        return _said(call, f"The draft for {about.reference} has been returned to its author.")
    draft = returning.open_to_return(call.store, call.request, case)
    return Reply(dialog=reject_dialog(call.preview(case, Action.REJECT), draft))


def _typed_or(call: Call, field: str) -> str:
    answers = call.answers
    return call.rest() if answers is None else answers.get(field, "")


def _named(typed: str, people: list[Actor]) -> tuple[list[int], str]:
    """Split a typed line into the colleagues at its beginning and the question after them."""
    words, chosen = typed.split(), list[Actor]()
    while words:
        word = words[0].rstrip(",:").casefold()
        matching = [each for each in people if word in each.name.casefold().split()]
        if word == "and" and chosen:
            words.pop(0)
        elif chosen and chosen[-1] in matching:
            words.pop(0)  # the family name of the colleague just named
        elif len(matching) == 1:
            chosen += matching
            if words.pop(0).endswith(":"):
                break
        elif matching or not chosen:
            names = ", ".join(each.name for each in matching or people)
            raise InvalidInput(f"Name one of these colleagues: {names}.")
        else:
            break
    return [each.id for each in chosen], " ".join(words)


def _said(call: Call, sentence: str) -> Reply:
    return Reply(card=notice(sentence)) if call.wants_words else Reply()
