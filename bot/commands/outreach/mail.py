"""draft, approve: write an email to the student, and have a named person approve it."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.outreach.mail import approve_dialog, draft_dialog
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.cases import log_access as reading
from store.actions.cases.readiness import check_approvable
from store.actions.outreach import approve as outreach
from store.queries.outreach.draft_revisions import edits_of
from store.rules.access.permissions import Action
from store.rules.text.formatting import on_day


@COMMANDS.add("draft", "Draft the next email to the student.", "draft LANG-12", Action.DRAFT)
def draft(call: Call) -> Reply:
    """Show the suggested email, or save the edited one."""
    case = call.case_id()
    if call.answers is None:
        letter = outreach.compose(call.store, call.request, case)
        seen = reading.preview_case(call.store, call.actor.id, case, Action.DRAFT)
        return Reply(dialog=draft_dialog(seen, letter))
    outreach.save_draft(
        call.store,
        call.request,
        case,
        call.answers.get("subject", ""),
        call.answers.get("body", ""),
    )
    return Reply()


@COMMANDS.add(
    "approve", "Read the drafted email and approve it.", "approve LANG-12", Action.APPROVE
)
def approve(call: Call) -> Reply:
    """Show the whole email; only a version that was opened can be approved."""
    case = call.case_id()
    if call.answers is None:
        check_approvable(call.store, call.actor.id, case)
        mail = outreach.open_draft(call.store, call.request, case)
        seen = reading.preview_case(call.store, call.actor.id, case, Action.APPROVE)
        with call.store.database.read() as connection:
            edits = edits_of(connection, mail)
        return Reply(dialog=approve_dialog(seen, mail, edits, call.actor.id))
    leaves = outreach.approve_email(call.store, call.request, case, call.id("mail"), call.answers)
    if leaves is None:
        return Reply()
    when = f"{on_day(leaves.date())} at {leaves:%H:%M}"
    return Reply(card=notice(f"Approved. It is quiet time, so the email is sent on {when}."))
