"""Cards for search results, the queue, the policy and the statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.cards.flags.surge_holds import answer_buttons as hold_answers
from bot.cards.flags.surge_holds import question_text as hold_question
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import (
    Actions,
    Button,
    Card,
    CardBlock,
    Dialog,
    Facts,
    Input,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.flags.queue import HeldLine, WaitingLine
from store.queries.schools.staff import School
from store.queries.students.search import FoundStudent, Search
from store.rules.flags.no_case import Explained, NoCase
from store.rules.flags.queue_cost import QueueCost, describe_costs
from store.rules.model import Level
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import Route, Told, evidence
from store.rules.policies.statement import statement
from store.rules.policies.statement_sections import Section, Statement, Ways
from store.rules.text.formatting import counted, listed, on_day, short_day

QUEUE_SHOWN = 10
"""Students of the queue that are shown; the rest are counted."""
_WITH_BUTTONS = 2
"""Questions that have their buttons on one card: no card shows more than five in all."""
_BUTTONS = 4
"""Shown as buttons side by side; the rest go in a menu."""


def found_card(search: Search) -> Card:
    """List students by name and number, privately, with a button for each open case."""
    found = search.found
    title = (
        f"{counted(len(found) + search.more, 'student')} found" if found else "No students found"
    )
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    for each in found:
        case = each.reference or ("with a colleague" if each.is_barred else "no open case")
        if each.home:
            case = f"the home school, {each.home}, keeps the cases"
        if each.is_closed:
            case = f"no open case, {each.reference} is closed"
        if each.unwatched:
            case = f"{case} ({each.unwatched}, so Lantern can open none)"
        blocks.append(Text(f"{each.name}, {each.number}, {each.programme}: {case}"))
    if search.more:
        blocks.append(
            Text(
                f"and {search.more} more. Give more of the name, or the number.",
                TextStyle.SUBTLE,
            )
        )
    if not found:
        blocks.append(Text("Lantern looks only among the students of your own schools."))
    buttons = tuple(
        Button(f"Open {each.reference}", "show", {"case": str(each.case)}, opens_dialog=True)
        for each in found
        if each.case is not None
    )
    if buttons:
        blocks.append(Actions(buttons[:_BUTTONS], buttons[_BUTTONS:]))
    return Card(kind="found", summary=f"{title}.", blocks=tuple(blocks))


def find_dialog() -> Dialog:
    """Ask for the student in a dialog: a name that is typed into a chat would stay there."""
    return Dialog(
        kind="find",
        title="Find a student",
        action="find",
        submit="Look up",
        blocks=(
            Input("words", "Number, or part of a name", max_length=100),
            Text("The access log records that you looked.", TextStyle.SUBTLE),
        ),
    )


def queue_card(
    waiting: Sequence[WaitingLine],
    held: Sequence[HeldLine],
    answers: Collection[int] = (),
    others: Sequence[Explained] = (),
    costs: Sequence[str] = (),
) -> Card:
    """List students over the daily limit, strongest evidence first, and held days.

    ``answers`` are the ids of the held days whose question the person may answer. ``others`` are
    students with an active flag who have no case for another reason than the daily limit. ``costs``
    say how long the wait is.
    """
    title = f"{counted(len(waiting), 'student')} waiting"
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    for line in waiting[:QUEUE_SHOWN]:
        who = f"{line.level.label.capitalize()}, {line.programme}, since {short_day(line.since)}"
        missed = "" if line.is_found else f" ({NoCase.NOT_FOUND.told})"
        blocks.append(Text(f"{who}{missed}\n{' '.join(line.reasons)}"))
    if len(waiting) > QUEUE_SHOWN:
        blocks.append(Text(f"and {len(waiting) - QUEUE_SHOWN} more", TextStyle.SUBTLE))
    if costs:
        blocks.append(Text("\n".join(costs), TextStyle.SUBTLE))
    if not waiting:
        blocks.append(Text(_none_waiting(held)))
    for why, number in Counter(map(str, others)).items():
        has = counted(number, "student has an", "students have an")
        blocks.append(Text(f"Not in the queue: {has} active flag, {why}.", TextStyle.SUBTLE))
    open_to_them = [hold.id for hold in held[:QUEUE_SHOWN] if hold.id in answers]
    for hold in held[:QUEUE_SHOWN]:
        asked = hold.organiser_name or "who teaches it"
        blocks.append(Text(f"{hold_question(hold)} Ask {asked}."))
        if hold.id in open_to_them[:_WITH_BUTTONS]:
            blocks.append(hold_answers(hold))
        elif hold.id in open_to_them:
            how = f"/lantern hold {hold.id} release, or dismiss, and how you know"
            blocks.append(Text(f"Answer with {how}.", TextStyle.SUBTLE))
    return Card(kind="queue", summary=f"{title}.", blocks=tuple(blocks))


def _none_waiting(held: Sequence[HeldLine]) -> str:
    if not held:
        return "No students are waiting. Every new case fitted the daily limit."
    which = "group" if len(held) == 1 else counted(len(held), "group")
    return (
        f"No students are waiting over the daily limit. The students in the {which} below have no "
        "case yet: Lantern holds them until a colleague answers whether the data is right."
    )


def policy_card(
    school: School,
    policy: SchoolPolicy,
    version: int,
    *,
    leads: bool = False,
    told: Sequence[Told] = (),
) -> Card:
    """Show the school's policy in a few facts. ``leads``: for the school's lead, who may test
    thresholds. ``told``: where and when students were told of the policy."""
    ladder = listed([step.rung.label for step in policy.ladder])
    facts = (
        ("Version", f"{version}, from {on_day(policy.approval.effective)}"),
        ("Approved by", policy.approval.approved_by),
        ("Looks at", listed([marker.family.label for marker in policy.markers])),
        ("Rules", listed([rule.NAME for rule in policy.rules])),
        *([("Worth a look", listed(policy.looks.named))] if policy.looks.is_on else []),
        ("New cases a day", str(policy.capacity)),
        ("Views before contact", str(policy.views_needed)),
        ("Contact ladder", ladder),
        ("Students were told by", _told(policy, told)),
    )
    return Card(
        kind="policy",
        summary=f"The engagement policy of {school.name}.",
        blocks=(
            Text(f"Engagement policy of {school.name}", TextStyle.HEADING),
            Facts(facts),
            Text("What students read: /lantern statement", TextStyle.SUBTLE),
            *([_for_the_lead(school)] if leads else []),
        ),
    )


def _told(policy: SchoolPolicy, told: Sequence[Told]) -> str:
    lines = []
    for words, each in evidence(policy, told):
        said = f"{each.place}, {on_day(each.on)} {each.on.year}" if each else "no record of where"
        lines.append(f"{words} ({said})")
    return listed(lines)


def _for_the_lead(school: School) -> Actions:
    ids = {"school": str(school.id)}
    return Actions(
        (
            Button("Test a threshold", "simulate", ids, opens_dialog=True),
            Button("Coverage", "coverage", ids),
            Button("Exempt a group", "exempt-group", ids, opens_dialog=True),
            Button("Record publication", "publication", ids, opens_dialog=True),
        )
    )


def statement_dialog(made: Statement) -> Dialog:
    """Show the statement for students, as they read it."""
    blocks = [Text(each) for section in made.sections for each in _section(section)]
    return Dialog(
        kind="statement",
        title="What students read",
        action="statement",
        blocks=(Text(made.title, TextStyle.HEADING), *blocks),
    )


def _section(section: Section) -> Iterable[str]:
    points = "\n".join(f"• {point}" for point in section.points)
    said = [section.heading, *section.paragraphs, *([points] if points else [])]
    yield "\n".join(said)


@example("dialog-find")
def _find() -> Dialog:
    return find_dialog()


@example("policy-lead")
def _policy() -> Card:
    school = School(1, "LANG", "School of Invented Languages")
    told = (Told(Route.EMAIL, "the school office to all students", sample.DAY),)
    return policy_card(school, sample.sample_policy(), 3, leads=True, told=told)


@example("found")
def _found() -> Card:
    some = FoundStudent(1, "X0000012", "Sam Example", "BA Example Studies", 12, "LANG-12")
    none = FoundStudent(2, "X0000013", "Sim Example", "BA Example Studies", None, None)
    return found_card(Search((some, none), 7))


@example("queue")
def _queue() -> Card:
    waiting = WaitingLine(
        1, 1, Level.UNDERGRADUATE, "BA Example Studies", sample.DAY, ("Quiet for 3 weeks.",), 1
    )
    held = HeldLine(1, 1, "EXA101", "Examples", sample.DAY, 40, 60, (), None, None, None, None, "")
    away = Explained(NoCase.NO_DATA, cause="registers has not arrived since Friday 6 November.")
    now, more = (QueueCost(a_day, (1,)) for a_day in (10, 15))
    return queue_card([waiting], [held], others=[away], costs=describe_costs(now, more))


@example("dialog-statement")
def _statement() -> Dialog:
    school = School(1, "LANG", "School of Invented Languages")
    return statement_dialog(statement(sample.sample_policy(), school.name, 3, Ways()))
