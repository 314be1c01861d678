"""complaint: record a complaint, read it, resolve it, or read its saved evidence."""

from __future__ import annotations

from bot.cards.complaints import (
    ABOUT_NO_ONE,
    SUGGESTED,
    complaint_dialog,
    complaints_dialog,
    evidence_dialog,
    resolve_dialog,
)
from bot.cards.kit.reply_cards import notice
from bot.commands.staff_names import the_one
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.complaints import handle as complaints
from store.actions.complaints import read_evidence as evidence
from store.actions.complaints.handle import Complaint
from store.actions.complaints.read_words import read_complaints
from store.db import repository
from store.policies.versions import school_policy
from store.queries.cases.owner_suggestions import handlers
from store.queries.schools.staff import colleagues
from store.rules.access.deputies import ENROL, Deciders
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor, Case
from store.rules.errors import InvalidInput
from store.rules.text.formatting import on_day


@COMMANDS.add(
    "complaint",
    "Record a complaint about a case; its lead resolves it.",
    'complaint LANG-12 nobody "the email came twice"',
    Action.COMPLAIN,
    Action.EVIDENCE,
)
def complaint(call: Call) -> Reply:
    """Record, read or resolve a complaint: ``LANG-12``, ``LANG-12 alice …``, ``… read``, ``…
    resolve …``, ``… export``.
    """
    case = call.case_id()
    words = call.words()[1:] if call.was_typed else []
    step = words[0].casefold() if words else call.interaction.ids.get("step", "")
    if step == "read":
        return _read(call, case)
    if step == "resolve":
        return _resolve(call, case, " ".join(words[1:]))
    if step == "export":
        page = words[1] if len(words) > 1 else call.interaction.ids.get("page", "1")
        return _export(call, case, page)
    return _record(call, case, words)


def _record(call: Call, case_id: int, words: list[str]) -> Reply:
    case = call.check(case_id, Action.COMPLAIN)
    if case.is_closed and case.has_own_complaint and not words and call.answers is None:
        # The one thing left to do on the case is to resolve the complaint that it has.
        return _resolve(call, case_id, "")
    people = _people(call, case)
    if call.answers is None and len(words) < 2:
        with call.store.database.read() as connection:
            able = handlers(connection, case, None, institution_day(call.store.now()))
        return Reply(
            dialog=complaint_dialog(
                call.preview(case_id, Action.COMPLAIN),
                people,
                able,
            )
        )
    if call.answers is not None:
        wanted = Complaint(
            call.answers.get("summary", ""),
            about=_picked(call, "about", ABOUT_NO_ONE, people),
            # The use case checks whether they may handle it: it knows who the complaint is about.
            handler=_picked(call, "handler", SUGGESTED, people),
        )
    else:
        about = None if words[0].casefold() == ABOUT_NO_ONE else the_one(people, words[0]).id
        wanted = Complaint(" ".join(words[1:]), about=about)
    done = complaints.record_complaint(call.store, call.request, case_id, wanted)
    handled = f"{done.handler} handles it" if done.handler else "No one here can handle it"
    if done.able.deputies:
        handled += f", and {_who_resolves(done.able)}"
    hint = (
        "No engagement emails are sent until it is resolved. You can still make contact about "
        "welfare."
    )
    return Reply(
        card=notice(
            f"The complaint about {case.reference} is recorded. {handled}; the informal step "
            f"is due by {on_day(done.informal_by)}.",
            "" if done.has_died else hint,
        )
    )


def _who_resolves(able: Deciders) -> str:
    """Say who resolves the complaint, where no lead of the school can."""
    if able.people:
        return f"{able.names} resolves it, since no engagement lead of the school can"
    return f"no one can resolve it yet: {ENROL}"


def _resolve(call: Call, case_id: int, typed: str) -> Reply:
    about = call.check(case_id, Action.RESOLVE)
    if call.answers is None and not typed and about.has_own_complaint:
        seen = call.preview(case_id, Action.RESOLVE)
        return Reply(
            dialog=resolve_dialog(seen, read_complaints(call.store, call.actor.id, case_id))
        )
    said = typed if call.answers is None else call.answers.get("resolution", "")
    ended = complaints.resolve_complaint(call.store, call.request, case_id, said)
    done = f"The complaint about {about.reference} is resolved."
    if ended > 1:
        done = f"All {ended} complaints about {about.reference} are resolved."
    return Reply(card=notice(f"{done} The case has resumed."))


def _read(call: Call, case_id: int) -> Reply:
    found = read_complaints(call.store, call.actor.id, case_id)
    with call.store.database.read() as connection:
        reference = repository.case(connection, case_id).reference
    return Reply(dialog=complaints_dialog(reference, found))


def _export(call: Call, case_id: int, page: str) -> Reply:
    kept = evidence.export_evidence(call.store, call.actor.id, case_id)
    with call.store.database.read() as connection:
        day = institution_day(call.store.now())
        calendar = school_policy(connection, kept.school, day).calendar
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Reply(dialog=evidence_dialog(kept, number, calendar))


def _people(call: Call, case: Case) -> list[Actor]:
    """Return the colleagues that a complaint can be about: all who may see the case."""
    with call.store.database.read() as connection:
        return colleagues(connection, case.school, Action.SEE)


def _picked(call: Call, field: str, none: str, people: list[Actor]) -> int | None:
    given = (call.answers or {}).get(field, none)
    if given == none:
        return None
    for person in people:
        if given == str(person.id):
            return person.id
    raise InvalidInput("Choose one of these.", field=field)
