"""``lantern student …``: what a data protection officer does for one student, from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted
from worker.cli.common import HIGHEST_NUMBER, open_services

if TYPE_CHECKING:
    from store.actions.request import Request
    from store.db.unit_of_work import Store
    from store.queries.privacy.receipt import Receipt

student = typer.Typer(no_args_is_help=True, help="Data protection, for one student.")
Officer = Annotated[
    str, typer.Option(help="The email address of the data protection officer who decides this.")
]


@student.command("erase")
def erase(
    number: Annotated[str, typer.Argument(help="The student's number.")],
    officer: Officer,
    why: Annotated[
        str,
        typer.Option(help="The reason. It is kept, so do not name anyone in it."),
    ],
    confirm: Annotated[
        str, typer.Option(help="The figure that the first run prints, such as 41/3.")
    ] = "",
) -> None:
    """Count what Lantern holds on a student; with --confirm, erase it permanently."""
    from store.actions.privacy import erase as erasing

    with open_services() as services:
        store = services.store
        if not confirm:
            much = erasing.preview_erasure(store, request_of(store, officer), number, why)
            typer.echo(
                f"This would permanently delete {much.words}. Nothing has been erased yet. To "
                f"erase it all, confirm the figure of the record: --confirm {much}"
            )
            return
        done = erasing.erase_student(store, request_of(store, officer), number, why, confirm)
    typer.echo(
        "The rows are deleted; messages and files follow with the worker, or with `lantern sweep`. "
        f"Then print the receipt: lantern student receipt {done}"
    )


@student.command("export")
def export(
    number: Annotated[str, typer.Argument(help="The student's number.")],
    officer: Officer,
    why: Annotated[str, typer.Option(help="The reason. It is saved with the student's data.")],
    to: Annotated[Path, typer.Option(help="A new folder, which only you can read.")],
) -> None:
    """Export everything that Lantern holds on a student, to check and to give to them."""
    from integrations.activity.one_student import activity_of
    from integrations.feeds.ledger.deliveries import Ledger
    from integrations.feeds.ledger.privacy import delivered_rows
    from store.actions.privacy.export_student import export_student
    from worker.student_bundle import make_folder, write_bundle

    make_folder(to)
    with open_services() as services:
        found = export_student(services.store, request_of(services.store, officer), number, why)
        activity = list(activity_of(services.lake, found.student))
        ledger, seal = Ledger(services.lake), services.store.seal
        delivered = list(delivered_rows(ledger, seal, found.student))
    files = write_bundle(to, found, activity, delivered)
    rows = sum(map(len, found.held.tables.values()))
    typer.echo(
        f"{counted(rows, 'record')} and {counted(len(activity), 'row')} of activity, in "
        f"{counted(len(files), 'file')}."
    )
    typer.echo(
        f"Other people were removed in {counted(found.held.removed, 'place')}, and "
        f"{counted(found.held.doubtful, 'word')} may still name someone: taken-out.csv lists both. "
        "Read every text before you give it to the student, and keep that list."
    )
    if left := found.held.undecided:
        typer.echo(
            f"This copy leaves out {counted(left, 'text')} that may do serious harm, until you "
            "decide: see may-do-harm.csv. Decide on each, for example: "
            f"lantern student decide {number} {found.held.first_marked} --withhold "
            f'--officer {officer} --why "REASON"'
        )
    if found.asked_in is not None:
        typer.echo(
            f"Request {found.asked_in} stays open. When the student has the copy, say so: "
            f"/lantern requests {found.asked_in}"
        )


@student.command("requests")
def show_requests(officer: Officer) -> None:
    """List what students ask about their data, each with its legal date."""
    from bot.cards.data_requests import request_line
    from store.actions.privacy.data_request_steps import requests_for

    with open_services() as services:
        today, found = requests_for(services.store, request_of(services.store, officer))
    for each in found:
        typer.echo(request_line(each, today))
    if not found:
        typer.echo("No requests are open.")


@student.command("decide")
def decide(
    number: Annotated[str, typer.Argument(help="The student's number.")],
    words: Annotated[
        str, typer.Argument(help="The text, by its table and row in the copy, such as views/2.")
    ],
    officer: Officer,
    why: Annotated[str, typer.Option(help="The reason. It is saved with the officer's name.")],
    give: Annotated[
        bool, typer.Option("--give/--withhold", help="Whether the student gets this text.")
    ],
) -> None:
    """Decide whether a text that may do serious harm is in a student's copy."""
    from store.actions.privacy.harm import decide_on_row

    with open_services() as services:
        request = request_of(services.store, officer)
        decide_on_row(services.store, request, number, words, gives=give, why=why)
    done = "is in the copy" if give else "is withheld"
    typer.echo(f"The text {done}. Make the copy again, as before, in a new folder.")


@student.command("receipt")
def show_receipt(
    erasure: Annotated[
        int, typer.Argument(min=1, max=HIGHEST_NUMBER, help="The erasure's number.")
    ],
) -> None:
    """Print what an erasure deleted, and everything that has to be deleted by hand."""
    from store.queries.privacy.receipt import receipt

    with open_services() as services, services.store.database.read() as connection:
        found = receipt(connection, erasure)
    for line in _lines(found):
        typer.echo(line)


@student.command("preserve")
def preserve(
    number: Annotated[str, typer.Argument(help="The student's number.")],
    officer: Officer,
    why: Annotated[str, typer.Option(help="The reason for the hold.")] = "",
    end: Annotated[bool, typer.Option("--end", help="End the hold.")] = False,
) -> None:
    """Place a hold on a student's data, so that none of it is deleted, or end the hold."""
    from store.actions.privacy import preserve as preserving

    with open_services() as services:
        request = request_of(services.store, officer)
        if end:
            preserving.lift_legal_hold(services.store, request, number)
        else:
            preserving.place_legal_hold(services.store, request, number, why)
    typer.echo(
        "The hold has ended. Data past its retention period can be deleted again."
        if end
        else "There is now a hold on this student's data."
    )


@student.command("forget-account")
def forget_account(
    number: Annotated[str, typer.Argument(help="The student's number.")], officer: Officer
) -> None:
    """Forget which account a student signs in with, so that a new one can be theirs."""
    from store.actions.privacy import forget_account as forgetting

    with open_services() as services:
        request = request_of(services.store, officer)
        forgetting.forget_account(services.store, request, number)
    typer.echo(forgetting.FORGOTTEN)


@student.command("objection")
def objection(
    number: Annotated[str, typer.Argument(help="The student's number.")],
    officer: Officer,
    end: Annotated[bool, typer.Option("--end", help="End the objection.")] = False,
) -> None:
    """Record that a student objects to the use of their groups in fairness reports."""
    from store.actions.fairness import object as objecting

    with open_services() as services:
        request = request_of(services.store, officer)
        act = objecting.end_objection if end else objecting.object_to_groups
        act(services.store, request, number)
    typer.echo(objecting.ENDED if end else objecting.RECORDED)


def request_of(store: Store, officer: str, option: str = "--officer") -> Request:
    """Build the request of the person who runs this command. Raises ``InvalidInput`` where no
    active colleague has the address ``officer``, which ``option`` gave."""
    from secrets import token_hex

    from store.actions.request import Request
    from store.db.repository import colleague_with_address, has_inactive_colleague

    with store.database.read() as connection:
        found = colleague_with_address(connection, officer)
        is_off = found is None and has_inactive_colleague(connection, officer)
    if is_off:
        raise InvalidInput(
            f"The colleague with the address in {option} is inactive in the roster, so they have "
            "no access. Use one who is active, or load a staff.csv that has active = yes for them."
        )
    if found is None:
        raise InvalidInput(f"No colleague has the address in {option}. Use one in staff.csv.")
    return Request(found, f"command-line:{token_hex(8)}")


def _lines(found: Receipt) -> list[str]:
    from bot.cards.privacy import left_line
    from store.queries.privacy.receipt import OUT_OF_REACH

    state = "done" if found.finished_at else f"{found.waiting} still wait"
    return [
        f"Erasure {found.erasure} of {found.at:%Y-%m-%d %H:%M} UTC: {state}",
        f"  rows: {found.rows}; deleted elsewhere: {found.gone}; emptied: {found.redacted}",
        *(["To delete by hand:"] if found.left else []),
        *(f"  {left_line(each)}" for each in found.left),
        "Never reached by an erasure:",
        *(f"  {each}" for each in OUT_OF_REACH),
    ]
