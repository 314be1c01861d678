"""``lantern demo``: set everything up, serve the sandbox, and remove everything at the end."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
from rich.console import Console

from bot.app import create_app
from bot.sandbox.lesson_progress import LessonRoom
from integrations.bootstrap import Now, Services, build, utc_now
from store.rules.errors import InvalidInput
from worker.demo import setup as stage
from worker.demo.actors import Actors
from worker.demo.check import check_journey
from worker.demo.clock import StoryClock, story_day
from worker.demo.days import NIGHT, Days
from worker.demo.output import Lines
from worker.demo.story import play
from worker.logs import configure_logs
from worker.processes.http_server import server_config
from worker.processes.serve import LOOPBACK, embedded_work

DEFAULT_PORT = 8765
PORTS_TO_TRY = 50

OPEN = """
Lantern's sandbox is open at [bold]{url}[/bold] — stop with Ctrl+C

  Take one of this morning's cases, and say what you think with Add view.
  Draft an email, become a colleague under “You are”, read it and approve it.
  Find the email in the Outbox, answer it as the Student, and see the answer reach the case.
  Move to the next school day with the button on the left, and read who did what under Audit.

  {data}
"""
LESSON = """
Lantern's training room is open at [bold]{url}[/bold] — stop with Ctrl+C

  Choose under “You are” the part that you learn in. The lesson stands above the messages.

  {data}
"""


def run_demo(port: int | None, check: bool, home: Path | None, *, lesson: bool = False) -> int:
    """Set up the demo and serve it until stopped, or drive its journey; returns the exit code.

    ``port`` is the first to try. The data lies in ``home`` and stays, or in a temporary folder
    that is removed at the end. With ``lesson`` a new colleague is led through a first case.

    Raises:
        InvalidInput: ``home`` holds something already, or no port is free.
    """
    configure_logs(logging.WARNING)
    lines = Lines(Console(highlight=False))
    try:
        with (
            _on(signal.SIGTERM, _interrupt),
            _for_its_owner(),
            _folder(home) as folder,
            _listening(port) as listener,
            set_up(folder, lines, url=url_of(listener)) as (services, days),
            embedded_work(services),
        ):
            server = _server(services, days, LessonRoom(services.store) if lesson else None)
            if check:
                return check_journey(server, listener, services, days.story, lines)
            url = url_of(listener)
            if port and port != listener.getsockname()[1]:
                lines.say(f"Port {port} is in use, so another one was taken.")
            data = f"Its data is kept in {home}." if home else "Its data is deleted at the end."
            banner = (LESSON if lesson else OPEN).format(url=url, data=data)
            _serve(server, listener, partial(_announce, lines, banner, url))
    except KeyboardInterrupt:
        pass
    lines.say("Stopped.")
    return 0


@contextmanager
def set_up(
    folder: Path, lines: Lines, real: Now = utc_now, url: str = ""
) -> Iterator[tuple[Services, Days]]:
    """Set up the two schools up to this morning, and the simulation of their further days.

    ``url`` is where the demo's students reach it, by the links in their emails.
    """
    clock = StoryClock(real)
    day = story_day(real())
    clock.set(day - dt.timedelta(days=14), "12:00")
    with lines.step("An empty system") as done:
        services = build(stage.embedded_settings(folder, url), now=clock)
        done("An empty system: SQLite, a folder for mail, jobs in this process")
    try:
        _load(services, clock, day, lines)
        with lines.step("Three school days") as done:
            play(Actors(services, clock), day)
            done("Three school days: nights screened, digests posted, colleagues at work")
        clock.let_go()
        yield services, Days(services, clock, day)
    finally:
        services.close()


def _load(services: Services, clock: StoryClock, day: dt.date, lines: Lines) -> None:
    with lines.step("Two invented schools") as done:
        report = stage.load_people(services, day)
        stage.publish_policies(services, day)
        done(f"Two invented schools with their policies: {lines.loaded(report)}")
    clock.set(stage.story_days(day)[0], f"{NIGHT}")
    files = stage.write_feeds(services.settings.home, day)
    stage.keep_for_later(services.settings.home, files, day)
    for source, file in files.items():
        with lines.step(f"Eight weeks of {source}") as done:
            report = stage.load_feed(services, source, file, day)
            done(f"Eight weeks of {source}: {lines.loaded(report)}")
    stage.load_coming_work(services, day)


def url_of(listener: socket.socket) -> str:
    """Return the address under which a browser finds the server."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


def _server(services: Services, days: Days, room: LessonRoom | None) -> uvicorn.Server:
    return uvicorn.Server(server_config(create_app(services, days.forward, room)))


@contextmanager
def _for_its_owner() -> Iterator[None]:
    """Make whatever is written for this account alone, as in any home of Lantern."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _folder(home: Path | None) -> Iterator[Path]:
    if home is None:
        with tempfile.TemporaryDirectory(prefix="lantern-demo-") as temporary:
            yield Path(temporary)
        return
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise InvalidInput(
            f"The demo leaves {home} alone, since it holds something already. Start another in an "
            "empty or new folder, by --home or LANTERN_HOME. To look at what an earlier demo left: "
            f"LANTERN_HOME={home} lantern web"
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)  # also where it was there already
    yield home


@contextmanager
def _listening(port: int | None) -> Iterator[socket.socket]:
    """A socket on the wanted port, or on the next one that is free."""
    first = DEFAULT_PORT if port is None else port
    for number in range(first, first + PORTS_TO_TRY):
        try:
            listener = socket.create_server((LOOPBACK, number))
        except (OSError, OverflowError):
            continue
        with listener:
            yield listener
        return
    raise InvalidInput(f"No port from {first} to {first + PORTS_TO_TRY - 1} is free.")


def _announce(lines: Lines, banner: str, url: str) -> None:
    """Print the address of the workspace, and open it in a browser where there is a screen."""
    lines.say(banner)
    has_screen = sys.platform == "darwin" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    if sys.stdout.isatty() and has_screen:
        with suppress(webbrowser.Error):
            webbrowser.open(url)


def _serve(server: uvicorn.Server, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until stopped, and stop in order, even while it is only being announced."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    with _on(signal.SIGINT, stop), _on(signal.SIGTERM, stop):
        announce()
        server.run(sockets=[listener])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Interrupt the set-up on SIGTERM as Ctrl+C does, so that it tidies up as well."""
    raise KeyboardInterrupt


@contextmanager
def _on(number: signal.Signals, handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)
