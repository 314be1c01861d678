"""``lantern doctor``: platforms, email, processes, the outbox, backups, the address."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from integrations.bootstrap import Services
from integrations.fault_sentences import sentence
from integrations.job_queue import RqQueue
from integrations.mail.folder import FolderMailer
from integrations.mail.graph.mailer import GraphMailer
from integrations.settings import WrongSetting
from store.queries import health
from store.queries.backlog import backlog
from store.queries.schools.staff import all_schools, school_channels
from store.rules.calendar import institution_day
from store.rules.model import Platform
from store.rules.students.sign_in import SignInRefused
from store.rules.text.formatting import counted, on_day
from worker.doctor.findings import CheckResult
from worker.processes.alive import workers_alive
from worker.processes.credentials import credentials_of, tried

SECONDS = 5
"""How long an address may take to answer."""
OLDEST_DUE = dt.timedelta(minutes=15)
BACKUP_IS_OLD = dt.timedelta(days=8)
CERTIFICATE_ENDS = dt.timedelta(days=14)


def check_platforms(services: Services) -> Iterator[CheckResult]:
    """Check the platforms, and which school has no channel there."""
    with services.store.database.read() as connection:
        schools, channels = all_schools(connection), school_channels(connection)
    for platform in services.workspaces:
        if platform is Platform.SANDBOX:
            yield CheckResult(
                None,
                "cards go to the sandbox on this machine. For real colleagues set SLACK_… or "
                "TEAMS_… (lantern init)",
            )
            continue
        has = {each.school for each in channels if each.platform is platform}
        without = [each.code for each in schools if each.id not in has]
        yield CheckResult(
            not without,
            f"{platform}: no channel for {', '.join(without)}. Add it: lantern {platform} channel"
            if without
            else f"{platform}: each school has a channel; lantern doctor {platform} tries them",
        )


def try_credentials(services: Services) -> Iterator[CheckResult]:
    """Sign in with each credential that the settings name."""
    for check in credentials_of(services):
        name = check.settings["secret"]
        try:
            error = tried(check)
        except WrongSetting as refused:
            yield CheckResult(False, str(refused))
        else:
            is_secret = name != check.address
            well = f"{name} is accepted" if is_secret else f"the server of {name} answers"
            said = f"{name}: {sentence(error)}" if error else well
            yield CheckResult(not error, said)


def check_student_sign_in(services: Services) -> Iterator[CheckResult]:
    """Check whether students can sign in to their page, and that the service is there."""
    service = services.sign_in
    if service is None:
        is_local = Platform.SANDBOX in services.workspaces
        how = (
            "in the sandbox anyone may sign in as any student"
            if is_local
            else "only links lead there"
        )
        said = f"students do not sign in to their page: {how}. Set SIGN_IN_CLIENT_ID"
        yield CheckResult(None, said)
        return
    try:
        service.look()
    except SignInRefused as refused:
        yield CheckResult(False, str(refused))
    else:
        back = service.account.callback
        yield CheckResult(True, f"the service accepts Lantern; its redirect URI is {back}")


def check_mail(services: Services) -> Iterator[CheckResult]:
    """Check whether emails are sent: to students, to testers only, or into a folder."""
    limits = services.settings.sending_limits
    if isinstance(services.mailer, FolderMailer):
        folder = services.settings.home / "mail"
        yield CheckResult(
            None,
            f"no email is sent: each goes into {folder}. To send them set GRAPH_TENANT_ID and "
            "GRAPH_CLIENT_ID, or SMTP_HOST and IMAP_HOST",
        )
    elif limits.dry_run:
        yield CheckResult(None, "no email is sent: MAIL_DRY_RUN is set")
    elif limits.testers:
        only = counted(len(limits.testers), "address", "addresses")
        yield CheckResult(None, f"emails are sent to {only} only: MAIL_TESTERS is set")
    else:
        is_graph = isinstance(services.mailer, GraphMailer)
        way = "Microsoft Graph" if is_graph else "SMTP, and replies come by IMAP"
        yield CheckResult(True, f"emails are sent through {way}")
    with services.store.database.read() as connection:
        stopped = backlog(connection, services.now()).stops
    if stopped:
        yield CheckResult(
            None, f"email is stopped in {counted(stopped, 'place')}: lantern outreach start"
        )


def check_processes(services: Services) -> Iterator[CheckResult]:
    """Check that the web process answers, workers are alive, and today was screened."""
    port = services.settings.port
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/livez", timeout=SECONDS)
        runs = answer.status_code == httpx.codes.OK
    except httpx.HTTPError:
        runs = False
    here = f"lantern web answers on port {port}" if runs else f"nothing answers on port {port} here"
    yield CheckResult(runs or None, here if runs else f"{here}. Start it: lantern web")
    if isinstance(services.queue, RqQueue):
        number = workers_alive(services.queue.quick)
        said = counted(number, "worker runs", "workers run")
        start = "Start web, workers and clock with lantern up, or this alone with lantern worker"
        yield CheckResult(number > 0, said if number else f"{said}. {start}")


def check_outbox(services: Services) -> Iterator[CheckResult]:
    """Check how long the oldest due message has waited.

    Messages that a service refuses do not point to a stopped process; the troubles say what to do.
    """
    with services.store.database.read() as connection:
        found = backlog(connection, services.now())
    late = {kind: age for kind, age in found.oldest_free.items() if age > OLDEST_DUE}
    for kind, age in late.items():
        minutes = counted(int(age.total_seconds() // 60), "minute")
        yield CheckResult(
            False, f"{kind}: the oldest has been due for {minutes}. See the processes."
        )
    for kind, number in found.held.items():
        yield CheckResult(
            None,
            f"{kind}: {counted(number, 'waits', 'wait')} until the service takes messages "
            "again. What to do is at troubles, below",
        )
    if not late and not found.held:
        yield CheckResult(True, "nothing is overdue")


def check_backup(services: Services) -> Iterator[CheckResult]:
    """Check when the last backup was made."""
    with services.store.database.read() as connection:
        last = health.last_done(connection, health.BACKUP)
        restored = health.last_done(connection, health.RESTORE)
    is_real = Platform.SANDBOX not in services.workspaces
    if restored and (last is None or restored > last):
        day = on_day(institution_day(restored))
        is_old = services.now() - restored > BACKUP_IS_OLD
        yield CheckResult(
            False if is_real and is_old else None,
            f"one was restored on {day}, and none made since. Make one: lantern backup DIR",
        )
        return
    if last is None:
        yield CheckResult(
            False if is_real else None, "there is no backup yet. Make one: lantern backup DIR"
        )
        return
    day = on_day(institution_day(last))
    if services.now() - last > BACKUP_IS_OLD:
        yield CheckResult(
            False if is_real else None, f"the last was on {day}. Make one: lantern backup DIR"
        )
    else:
        yield CheckResult(True, f"the last was on {day}")


def open_public_address(services: Services) -> Iterator[CheckResult]:
    """Open the public address as a student would, and look at its certificate."""
    url = services.settings.public_url
    if not url:
        yield CheckResult(None, "not set, so emails have no links. Set PUBLIC_URL")
        return
    try:
        answer = httpx.get(f"{url}/livez", timeout=SECONDS, follow_redirects=False)
    except httpx.HTTPError:
        yield CheckResult(False, f"{url} cannot be reached. Check its name, proxy and certificate")
        return
    if answer.status_code != httpx.codes.OK:
        yield CheckResult(False, f"{url} answers, but not from Lantern. Check the proxy")
        return
    yield CheckResult(True, f"{url} reaches Lantern")
    if url.startswith("https:"):
        yield _certificate(services, url)


def _certificate(services: Services, url: str) -> CheckResult:
    parts = urlsplit(url)
    where = (str(parts.hostname), parts.port or 443)
    context = ssl.create_default_context()
    with (
        socket.create_connection(where, timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=where[0]) as secured,
    ):
        ends_at = ssl.cert_time_to_seconds(str((secured.getpeercert() or {})["notAfter"]))
    ends = dt.datetime.fromtimestamp(ends_at, dt.UTC)
    day = on_day(institution_day(ends))
    if ends - services.now() < CERTIFICATE_ENDS:
        return CheckResult(False, f"the certificate expires on {day}. Renew it")
    return CheckResult(True, f"the certificate is valid until {day}")
