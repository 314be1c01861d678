"""The dispatcher: run the command of every interaction, from every platform, and reply."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from bot.cards.kit.reply_cards import notice
from bot.commands.help import unknown
from bot.commands.table import COMMANDS, Call
from bot.error_boundary import answered
from bot.identity import actor_behind
from bot.interaction import Interaction, Reply
from bot.metrics import ANSWERED
from bot.posting.links import cases_linked, with_links
from integrations.activity.lookups import Lookups
from integrations.trail import TRAIL
from store.db.unit_of_work import Store
from store.queries.schools.staff import all_schools
from store.rules.cases.reference import join_reference, may_be_split
from store.rules.errors import CaseworkError, InvalidInput
from store.rules.text.formatting import storable

# Importing a module of commands is what puts them into the table, in the order of help.
# isort: off
from bot.commands import help as helping
from bot.commands.cases import lists
from bot.commands.cases import own as cases
from bot.commands.cases import caseload
from bot.commands.cases import discuss as discussion
from bot.commands.outreach import mail as mails
from bot.commands.schools import staff as colleagues
from bot.commands import complaints
from bot.commands import notices as digests
from bot.commands.cases import pause as resting
from bot.commands.cases import home_school as schools
from bot.commands.outreach import stop_mail as stopping
from bot.commands.cases import death
from bot.commands.cases import consult as asking
from bot.commands.cases import fitness_to_study as fitness
from bot.commands.cases import contact_ladder as ladders
from bot.commands.schools import lookups as looking
from bot.commands.cases import student_details as opening
from bot.commands.outreach import replies
from bot.commands import students as sayings
from bot.commands.cases import exempt_group as groups
from bot.commands import flags as holding
from bot.commands import policies as leading
from bot.commands.schools import policy_review as policy_reviews
from bot.commands.schools import publication
from bot.commands import privacy as protection
from bot.commands import data_requests
from bot.commands.schools import retention
from bot.commands.schools import directory
from bot.commands import fairness as comparing
from bot.commands import read_now as reading_now
from bot.commands.schools import home
from bot.commands.button_words import as_command
from bot.commands.cases.window import after_a_click
# isort: on

MODULES = (
    helping,
    lists,
    cases,
    caseload,
    discussion,
    mails,
    schools,
    complaints,
    colleagues,
    resting,
    death,
    stopping,
    digests,
    asking,
    ladders,
    fitness,
    opening,
    looking,
    replies,
    sayings,
    groups,
    holding,
    leading,
    policy_reviews,
    publication,
    protection,
    data_requests,
    retention,
    directory,
    comparing,
    reading_now,
    home,
)


class Dispatcher:
    """Run what people ask for, and answer every failure with a sentence for them alone."""

    def __init__(self, store: Store, lookups: Lookups | None = None) -> None:
        """Set up with the store. ``lookups`` reads activity data; None: not available here."""
        self._store = store
        self._lookups = lookups

    def handle(self, interaction: Interaction) -> Reply:
        """Run one interaction. Never raises: the reply to a known error is its sentence, to any
        other a reference to the log.
        """
        interaction = as_command(interaction)
        known = COMMANDS.find(interaction.action)
        # Words that are no command's name are not logged: a person typed them.
        name = known.name if known else "unknown"
        began, outcome = time.perf_counter(), "broken"
        with TRAIL.of_click(interaction.key, name):
            try:
                reply, outcome = answered(
                    partial(self._do, interaction),
                    partial(_refusal, interaction),
                    "interaction failed",
                    command=name,
                )
                return reply
            finally:
                seconds = time.perf_counter() - began
                ANSWERED.labels(name, outcome).observe(seconds)
                TRAIL.said("answered", outcome=outcome, seconds=round(seconds, 3))

    def _do(self, interaction: Interaction) -> Reply:
        with self._store.database.reads_together():
            return self._run(interaction)

    def _run(self, interaction: Interaction) -> Reply:
        actor = actor_behind(self._store, interaction.person)
        command = COMMANDS.find(interaction.action or "help")
        if command is None:
            return unknown(interaction.action, actor)
        asked = _storable(interaction)
        if command.takes_case:
            asked = replace(asked, text=self._with_reference(asked.text))
        call = Call(self._store, actor, asked, command, self._lookups)
        return self._linked(call, after_a_click(call, command.run(call)))

    def _linked(self, call: Call, reply: Reply) -> Reply:
        """Add links to where the cards of the reply's cases stand, on the person's platform."""
        who = call.interaction.person
        if not any(cases_linked(shown) for shown in (reply.card, reply.dialog)):
            return reply
        with self._store.database.read() as connection:
            linked = partial(with_links, connection, who.platform, who.tenant)
            return replace(
                reply,
                card=reply.card and linked(reply.card),
                dialog=reply.dialog and linked(reply.dialog),
            )

    def _with_reference(self, line: str) -> str:
        """Join a case reference at the start of a typed line into one word: ``LANG 12``."""
        if not may_be_split(line):
            return line
        with self._store.database.read() as connection:
            return join_reference(line, {school.code.upper() for school in all_schools(connection)})


def _storable(interaction: Interaction) -> Interaction:
    """Remove characters that no database stores, NUL and lone surrogates, from typed text.

    Otherwise a person's message would be lost for a character that they cannot see.
    """
    values = interaction.values
    return replace(
        interaction,
        text=storable(interaction.text),
        values=values and {name: storable(each) for name, each in values.items()},
    )


def _refusal(interaction: Interaction, error: CaseworkError) -> Reply:
    """Show a refusal beside its dialog field, so that what was typed stays, or as a sentence."""
    values = interaction.values
    named = error.field if isinstance(error, InvalidInput) else None
    if not values or not (named or any(values.values())):
        return Reply(card=notice(error.sentence))
    return Reply(errors={named if named and named in values else list(values)[-1]: error.sentence})
