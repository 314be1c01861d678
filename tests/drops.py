"""A proxy on this machine that stops forwarding without closing, as a network that drops
packets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import make_url


@dataclass
class Network:
    """The network between Lantern and a server. While ``drops`` is set, nothing is forwarded."""

    reach: Callable[[], socket.socket]
    port: int = 0
    drops: threading.Event = field(default_factory=threading.Event)
    _open: list[socket.socket] = field(default_factory=list)

    def carry(self, listener: socket.socket) -> None:
        """Accept and forward connections until the listener is closed."""
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            self._open.append(near)
            if self.drops.is_set():
                continue  # it is accepted, and never answered
            far = self.reach()
            self._open.append(far)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(one, other), daemon=True).start()

    def _forward(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                if not self.drops.is_set():
                    other.sendall(data)
            if not self.drops.is_set():
                other.shutdown(socket.SHUT_WR)

    def postgresql(self, url: str) -> str:
        """Return the URL of this database through the network."""
        there = make_url(url).set(host="127.0.0.1", port=self.port, query={})
        return there.render_as_string(hide_password=False)

    def close(self) -> None:
        """End all connections."""
        for each in self._open:
            each.close()


@contextmanager
def network_to(reach: Callable[[], socket.socket]) -> Iterator[Network]:
    """Give a network to a server that listens on ``port`` of this machine."""
    network = Network(reach)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        network.port = int(listener.getsockname()[1])
        threading.Thread(target=network.carry, args=(listener,), daemon=True).start()
        try:
            yield network
        finally:
            # Closing does not wake a thread in accept(); a connection does.
            network.drops.set()
            listener.shutdown(socket.SHUT_RDWR)
            network.close()


def to_postgresql(url: str) -> Callable[[], socket.socket]:
    """Return a function that connects to the tests' PostgreSQL at its socket in the file system."""
    place = f"{make_url(url).query['host']}/.s.PGSQL.5432"

    def reach() -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.connect(place)
        return made

    return reach
