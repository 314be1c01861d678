"""exempt-group: exempt a programme or module from flags and engagement emails for a time."""

from __future__ import annotations

from bot.cards.cases.exempt_group import exempt_group_dialog
from bot.cards.kit.reply_cards import notice
from bot.commands.cases.pause import filled_in, typed_exemption
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.schools.lead_request import led_school
from store.actions.students.exempt_group import end_group, exempt_group
from store.queries.schools.staff import all_schools
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.students.exemptions import ExemptGroup
from store.rules.text.formatting import counted, day_ahead


@COMMANDS.add(
    "exempt-group",
    "As lead: exempt a programme or module for a time.",
    "exempt-group module FR101 placement for 2 weeks the field trip to Lyon",
    Action.LEAD,
)
def exempt_group_command(call: Call) -> Reply:
    """Exempt a group: ``module FR101 end``, or a kind, a last day and a reason; or a dialog."""
    code = ""
    if "school" in call.interaction.ids:
        with call.store.database.read() as connection:
            known = {each.id: each.code for each in all_schools(connection)}
        code = known.get(call.id("school"), "?")
    school = led_school(call.store, call.request, code)
    today = institution_day(call.store.now())
    words = call.words() if call.was_typed else []
    if call.answers is None and not words:
        return Reply(dialog=exempt_group_dialog(school, today))
    if call.answers is not None:
        group, wanted = ExemptGroup.named(call.answers.get("group", "")), filled_in(call, today)
    else:
        group = ExemptGroup.named(" ".join(words[:2]))
        if [word.casefold() for word in words[2:]] == ["end"]:
            ended = end_group(call.store, call.request, school.id, group)
            return Reply(card=notice(f"The exemption of {counted(ended, 'student')} has ended."))
        wanted = typed_exemption(words[2:], today)
    done = exempt_group(call.store, call.request, school.id, group, wanted)
    until = f" until {day_ahead(wanted.last, today)}" if wanted.last else ""
    return Reply(card=notice(f"{counted(done, 'student')} on {group.code} exempt{until}."))
