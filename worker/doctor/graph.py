"""``lantern doctor graph``: test what Lantern may and may not do with email, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from integrations.bootstrap import Services
from integrations.mail.graph import permission_probe as probe
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.interface import MailError
from integrations.settings import WrongSetting
from store.queries.schools.mailboxes import school_mailboxes
from store.rules.errors import InvalidInput
from worker.doctor.findings import CheckResult, try_to_do


def examine_graph(
    services: Services, *, stranger: str | None = None, to: str | None = None, school: str = ""
) -> Iterator[CheckResult]:
    """Sign in, try each school's mailbox, and try one that Graph has to refuse.

    ``stranger`` is that mailbox: it exists, and belongs to no school. An email is sent only where
    ``to`` is given: to that address, from the mailbox of ``school`` or of the first school.

    Raises:
        WrongSetting: email does not go through Graph at all.
        InvalidInput: there is no such school.
    """
    mailer = services.mailer
    if not isinstance(mailer, GraphMailer):
        raise WrongSetting("The setting GRAPH_TENANT_ID is missing: mail goes to a folder.")
    with services.store.database.read() as connection:
        boxes = dict(school_mailboxes(connection, services.now().date()))
    sender = boxes.get(school) if school else next(iter(boxes.values()), None)
    if to and sender is None:
        raise InvalidInput("No school of that code has a policy in force to send from.")
    signed_in = try_to_do("signs in", mailer.client.sign_in, MailError)
    yield signed_in
    if not signed_in.is_fine:
        return
    for code, box in boxes.items():
        yield try_to_do(
            f"{code}: reads its mailbox", partial(probe.try_reading, mailer.client, box), MailError
        )
        yield try_to_do(
            f"{code}: writes and deletes a draft",
            partial(probe.may_draft, mailer.client, box),
            MailError,
        )
    yield _stranger(mailer, stranger, set(boxes.values()))
    if to and sender:
        yield try_to_do("sends a test email", partial(_send, mailer, sender, to), MailError)


def _stranger(mailer: GraphMailer, address: str | None, boxes: set[str]) -> CheckResult:
    what = "cannot read a mailbox that is not a school's"
    if address is None:
        return CheckResult(None, f"{what}: not tried; name one with --stranger")
    if address in boxes:
        raise InvalidInput("--stranger has to be a mailbox that is not a school's.")
    try:
        refused = probe.is_refused(mailer.client, address)
    except MailError as error:
        return CheckResult(None, f"{what}: the test gave no result: {error}")
    if refused:
        return CheckResult(True, what)
    return CheckResult(
        False, f"{what}: Lantern could read it. Remove the tenant-wide Mail permissions in Entra."
    )


def _send(mailer: GraphMailer, mailbox: str, to: str) -> None:
    draft = mailer.draft(probe.test_mail(mailbox, to))
    mailer.send(mailbox, draft.ref)
