"""draft, approve: write an email to the student, and have a named person approve it."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.outreach.mail import approve_dialog
from bot.commands.cases.consult import letter_chosen, suggested
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases.open_draft import open_to_approve
from store.actions.outreach import approve as outreach
from store.actions.outreach import write_draft
from store.rules.access.permissions import Action
from store.rules.text.formatting import on_day


@COMMANDS.add("draft", "Draft the next email to the student.", "draft LANG-12", Action.DRAFT)
def draft(call: Call) -> Reply:
    """Show the suggested email, or save the edited one."""
    case = call.case_id()
    if call.answers is None:
        return Reply(dialog=suggested(call, case))
    write_draft.save_draft(
        call.store,
        call.request,
        case,
        call.answers.get("subject", ""),
        call.answers.get("body", ""),
        choice=letter_chosen(call),
    )
    return Reply()


@COMMANDS.add(
    "approve", "Read the drafted email and approve it.", "approve LANG-12", Action.APPROVE
)
def approve(call: Call) -> Reply:
    """Show the whole email; only a version that was opened can be approved."""
    case = call.case_id()
    if call.answers is None:
        opened = open_to_approve(call.store, call.request, case)
        dialog = approve_dialog(opened.view, opened.mail, opened.edits, call.actor.id)
        return Reply(dialog=dialog)
    leaves = outreach.approve_email(call.store, call.request, case, call.id("mail"), call.answers)
    if leaves is None:
        return Reply()
    when = f"{on_day(leaves.date())} at {leaves:%H:%M}"
    return Reply(
        card=notice(f"Approved. It is now quiet hours, so the email will be sent on {when}.")
    )
