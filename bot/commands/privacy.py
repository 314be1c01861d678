"""erase, receipt, preserve, who-saw, forget-account: what a data protection officer does for one
student."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.privacy import erase_dialog, receipt_card, who_saw_card
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.privacy import erase as erasing
from store.actions.privacy import forget_account as forgetting
from store.actions.privacy import preserve as preserving
from store.actions.privacy.log_who_saw import ask_who_saw
from store.queries.privacy.receipt import newest_erasures, receipt
from store.rules.access.permissions import Action, schools_where
from store.rules.errors import InvalidInput, NotAllowed


@COMMANDS.add(
    "erase",
    "As data protection officer: erase a student permanently.",
    "erase 1001",
    Action.ERASE,
)
def erase(call: Call) -> Reply:
    """Show how much an erasure deletes; with a reason and that number typed again, erase."""
    answers = call.answers
    if answers is None:
        number = _number(call)
        much = erasing.preview_erasure(call.store, call.request, number)
        return Reply(dialog=erase_dialog(number, much.rows, much.messages, str(much)))
    number, why = answers.get("number", ""), answers.get("why", "")
    done = erasing.erase_student(call.store, call.request, number, why, answers.get("confirm", ""))
    return Reply(
        card=notice(
            "The student's rows are deleted. Messages and files follow within minutes.",
            f"Lantern tells you when that is done, and what is left: /lantern receipt {done}",
        )
    )


@COMMANDS.add(
    "receipt",
    "See what an erasure deleted, and what it could not.",
    "receipt 7",
    Action.ERASE,
)
def show_receipt(call: Call) -> Reply:
    """Show the newest receipt, or the one with this number.

    Raises ``NotAllowed`` for all but the data protection officer, and ``InvalidInput`` where there
    is no such receipt.
    """
    able = schools_where(call.actor, Action.ERASE)
    if not able:
        raise NotAllowed("Only the data protection officer can see receipts of erasures.")
    words = call.words()
    with call.store.database.read() as connection:
        known = newest_erasures(connection, able, limit=1000)
        if not known:
            raise InvalidInput("No students have been erased in your schools.")
        wanted = int(words[0]) if words and words[0].isdecimal() else known[0]
        if wanted not in known:
            raise InvalidInput("There is no erasure with that number in your schools.")
        return Reply(card=receipt_card(receipt(connection, wanted)))


@COMMANDS.add(
    "preserve",
    "As data protection officer: place or end a hold on a student's data.",
    "preserve 1001 a claim is being heard",
    Action.PRESERVE,
)
def preserve(call: Call) -> Reply:
    """Place a hold on a student's data: ``1001`` and a reason; end it: ``1001 end``."""
    number = _number(call)
    why = call.interaction.text.strip().partition(" ")[2].strip()
    if why.casefold() == "end":
        preserving.lift_legal_hold(call.store, call.request, number)
        return Reply(card=notice("The hold on this student's data has ended."))
    preserving.place_legal_hold(call.store, call.request, number, why)
    return Reply(
        card=notice(
            "There is now a hold on this student's data.",
            "To end it, use the same command and the word end.",
        )
    )


@COMMANDS.add(
    "who-saw",
    "As data protection officer: see who looked at a student's data, and what for.",
    "who-saw 1001",
    Action.ACCESS_LOG,
)
def show_who_saw(call: Call) -> Reply:
    """Show who viewed a student's data last; the command line lists all views."""
    return Reply(card=who_saw_card(ask_who_saw(call.store, call.request, _number(call))))


@COMMANDS.add(
    "forget-account",
    "As data protection officer: let a student sign in with a new account.",
    "forget-account 1001",
    Action.ACCOUNT,
)
def forget_account(call: Call) -> Reply:
    """Forget the account that the student signed in with before, and end their sessions."""
    forgetting.forget_account(call.store, call.request, _number(call))
    return Reply(card=notice(forgetting.FORGOTTEN))


def _number(call: Call) -> str:
    words = call.words()
    if not words:
        raise InvalidInput(f"Which student? For example: {call.command.example}")
    return words[0]
