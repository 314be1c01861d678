"""Example cards that the product never sends: each kind of block and each kind of abuse.

Previews and tests use them beside the real cards, so that a renderer meets each block in each
state, text that is far too long, and names that try to mention, link, format or inject. All people
are invented.
"""

from __future__ import annotations

from bot.cards.kit.model import (
    Actions,
    Button,
    ButtonStyle,
    Card,
    Chart,
    Divider,
    Facts,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example

CASE = {"case": "41", "version": "3"}

WEEKS = Chart(
    title="Active days a week",
    points=(
        ("29 Sep", 5),
        ("6 Oct", 4),
        ("13 Oct", 5),
        ("20 Oct", 3),
        ("27 Oct", 2),
        ("3 Nov", 1),
        ("10 Nov", 0),
        ("17 Nov", 0),
    ),
    top=7,
    summary="Five days a week at the start of term, none in the last two weeks.",
)

HOSTILE = (
    "<!channel> *bold* _it_ ~no~ `code` <http://evil.example|click> [click](http://evil.example) "
    "<at>everyone</at> :smile: {{DATE(2025-11-18T09:00:00Z)}} &lt;b&gt; "
    "<script>alert('hi')</script> \"quoted\" \u202edesrever\u202c **strong**"
)


@example("specimen-every-block")
def every_block() -> Card:
    """Return a card with each block once, in the order in which a case would use them."""
    return Card(
        kind="specimen",
        summary="Case L-0041: no activity for 12 days",
        blocks=(
            Text("Case L-0041", TextStyle.HEADING),
            Text("No activity has been seen for 12 days, and one piece of work is missing."),
            Facts(
                (
                    ("Programme", "BSc Geography, year 2"),
                    ("Status", "Open since Tuesday 18 November"),
                    ("Owner", "Nobody yet"),
                    ("Views", "1 of 2"),
                )
            ),
            WEEKS,
            Divider(),
            Text("“They told me last week that they are moving house.”", TextStyle.QUOTE),
            Text("Bob Sample, adviser · yesterday 16:10", TextStyle.SUBTLE),
            Select(
                name="assign",
                label="Owner",
                options=(Option("7", "Alice Example"), Option("8", "Bob Sample")),
                ids=CASE,
                hint="Only colleagues with current training are listed.",
            ),
            Text(
                "From: VLE, fresh to 17 November; submissions, fresh to 17 November.",
                TextStyle.SUBTLE,
            ),
            Actions(
                buttons=(
                    Button("Take", "take", CASE, ButtonStyle.PRIMARY),
                    Button("Add view", "view", CASE, opens_dialog=True),
                    Button("Log", "log", CASE, opens_dialog=True),
                ),
                more=(
                    Button("Draft email", "draft", CASE, opens_dialog=True),
                    Button("Show name", "reveal", CASE, opens_dialog=True),
                    Button("Earlier flags", "earlier", CASE),
                ),
            ),
        ),
    )


@example("specimen-many-actions")
def many_actions() -> Card:
    """Return a card with a long *More*, confirmations before actions, and two rows of buttons."""
    more = tuple(Button(f"Send to colleague {n}", "handover", {"to": str(n)}) for n in range(1, 8))
    return Card(
        kind="specimen",
        summary="Two cases want your approval",
        blocks=(
            Text("For your approval", TextStyle.HEADING),
            Text("L-0041 · email to the university address"),
            Actions((Button("Read and approve", "approve", CASE, opens_dialog=True),)),
            Divider(),
            Text("L-0042 · email to the university address"),
            Actions(
                buttons=(
                    Button("Send back", "return", {"case": "42"}),
                    Button(
                        "Withdraw",
                        "withdraw",
                        {"case": "42"},
                        ButtonStyle.DANGER,
                        "The draft is deleted. Its author is told.",
                    ),
                    Button("Close case", "close", {"case": "42"}, confirm="Close L-0042 now?"),
                ),
                more=more,
            ),
        ),
    )


@example("specimen-too-long")
def too_long() -> Card:
    """Return a card in which every text is far longer than any platform allows."""
    words = "engagement evidence example " * 700
    return Card(
        kind="specimen",
        summary=words,
        blocks=(
            Text(words, TextStyle.HEADING),
            Text(words),
            Text(words, TextStyle.SUBTLE),
            Text(words, TextStyle.QUOTE),
            Facts(((words, words), ("Short", words))),
            Chart(words, ((words, 1), (words, 2)), 2, words),
            Select("assign", words, (Option("1", words), Option("2", words)), hint=words, ids=CASE),
            Actions((Button(words, "take", CASE, confirm=words),), (Button(words, "log", CASE),)),
        ),
    )


@example("specimen-many-blocks")
def many_blocks() -> Card:
    """Return a card with too many parts for a Slack message: some are left out, never buttons."""
    lines = tuple(Text(f"Line {n}: nothing has changed.") for n in range(1, 81))
    return Card(
        kind="specimen",
        summary="A very long digest",
        blocks=(
            Text("Digest", TextStyle.HEADING),
            *lines,
            Facts(tuple((f"School {n}", f"{n} cases") for n in range(1, 13))),
            Actions((Button("Show my cases", "mine"),)),
        ),
    )


@example("specimen-hostile")
def hostile() -> Card:
    """Return a card with a hostile name in every place that shows text."""
    return Card(
        kind="specimen",
        summary=HOSTILE,
        blocks=(
            Text(HOSTILE, TextStyle.HEADING),
            Text(HOSTILE),
            Text(f"# {HOSTILE}\n- {HOSTILE}\n1. {HOSTILE}"),
            Text(HOSTILE, TextStyle.SUBTLE),
            Text(HOSTILE, TextStyle.QUOTE),
            Facts(((HOSTILE, HOSTILE), ("Email", "robin_c@example.ac.uk"), ("Empty", ""))),
            Chart(HOSTILE, (("<1>", 0), ("*2*", 1)), 1, HOSTILE),
            Select("assign", HOSTILE, (Option("7", HOSTILE),), hint=HOSTILE, ids=CASE),
            Actions(
                (Button(HOSTILE, "take", CASE, confirm=HOSTILE),),
                (Button(HOSTILE, "log", CASE),),
            ),
        ),
    )
